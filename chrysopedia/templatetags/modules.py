"""``{% module "chrysopedia/page.js" %}``: a module and, ahead of time, all that it imports."""

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from chrysopedia.static_files import modules_known, modules_of

register = template.Library()


@register.simple_tag
def module(*entries: str) -> SafeString:
    """Return the elements that load modules of the static files in one wave.

    Without them a browser hears of each level of imports only when it has the level before: a round trip each.
    """
    follow = modules_of if settings.DEBUG else modules_known
    plain = ["".join(entry) for entry in entries]  # a template's own text is a SafeString, which pathlib refuses
    found = dict.fromkeys(name for entry in plain for name in follow(entry))
    early = format_html_join("\n", '<link rel="modulepreload" href="{}">', ((static(name),) for name in found))
    run = format_html_join("\n", '<script type="module" src="{}"></script>', ((static(name),) for name in plain))
    return format_html("{}\n{}", early, run)
