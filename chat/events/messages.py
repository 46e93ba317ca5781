"""Every sentence that the pages, their script and the notes show to readers."""

from collections.abc import Mapping

from django.utils.translation import ngettext

from chat.events.events import Tier

MESSAGES: Mapping[str, str] = {
    "reading": "Reading {passages} from {works}…",
    "tier_creator": "From this creator's own works",
    "tier_domain": "From others in the same field",
    "tier_global": "From everyone here",
    "tier_none": "Everyone here was searched",
    "other_creator": "from another creator",
    "quotes": "No language model wrote this: these are the creators' own words.",
    "spent_site": "What this site may spend on language models in a day is used up; they answer again tomorrow.",
    "spent_key": "What this key may spend on language models in a day is used up; they answer again tomorrow.",
    "fallback": "The usual language model did not answer; another one wrote this.",
    "pinned": "A curator has checked this answer.",
    "none": "Nobody here has said anything about that.",
    "catalogue": "Answered from the catalogue of works.",
    "searched_for": "Searched for: {words}.",
    "searched_first": "Searched in {where}.",
    "not_there_first": "Nothing in {where} answers that, so everything was searched.",
    "other_language": "The question is in {asked}, the works here are in {said}, so little of it may have been found.",
    "nothing_of_part": "Nothing here answers that part.",
    "nothing_by": "Nothing by {creator} here answers that.",
    "suggestions": "They do talk about:",
    "suggestions_of": "{creator} does talk about:",
    "nearest": "Nobody says exactly that. The nearest is:",
    "nearest_only": "Nobody says exactly that; this is the nearest.",
    "covered_partly": "Only partly covered:",
    "fits": "These words come closest to what you ask.",
    "talk_greeting": "Hello. Ask what {creator} says, and every answer shows where it was said.",
    "talk_greeting_everyone": "Hello. Ask what is said in {works} here, and every answer shows where it was said.",
    "talk_identity": "A program answers here, no person: it searches what {creator} has published ({works}), and is "
    "not {creator} in person.",
    "talk_identity_everyone": "A program answers here, no person: it searches {works} by several creators.",
    "talk_help": "Ask about anything that {creator} may have said: a figure, a reason, a comparison. You can name a "
    "work or a year, ask which works there are, or have the last answer said again or shorter.",
    "talk_help_everyone": "Ask about anything that may have been said in {works} here: a figure, a reason, "
    "a comparison of two creators. You can name a work or a year, or ask which works there are.",
    "talk_sources": "Every answer rests on {works} by {creator}, and each sentence leads to where it was said. What is "
    "found may miss the point: open the place before you rely on it.",
    "talk_sources_everyone": "Every answer rests on {works} here, and each sentence leads to where it was said. What "
    "is found may miss the point: open the place before you rely on it.",
    "talk_topics": "There is, for instance, {titles}.",
    "talk_thanks": "You’re welcome. Ask on whenever you like.",
    "talk_acknowledgement": "Good. Ask on whenever you like.",
    "talk_unclear": "That says nothing that can be looked for. Ask in words of your own.",
    "talk_never_mind": "All right. Ask on whenever you like.",
    "talk_cost": "Asking here costs nothing, and needs no account.",
    "talk_language": "Questions are understood best in {said}, which the works here are in; answers quote them as they "
    "are. A question in another language is searched too, but less is found.",
    "talk_contact": "Nothing that is written here is passed on to {creator}: this is a search in published works. "
    "Each answer links to them, and there you may find a way.",
    "talk_contact_everyone": "Nothing that is written here is passed on to the creators: this is a search in {works} "
    "of theirs. Each answer links to them, and there you may find a way.",
    "talk_kept": "Your questions and their answers are stored on this site until {days} days after a conversation’s "
    "last one, under a random key that your browser keeps, without your name or address. Whoever runs the site can "
    "read them; other visitors can’t, unless you share a conversation. You can delete your conversations yourself.",
    "talk_sent": "A question also goes to the language model that is set up here, whose operator may see it.",
    "talk_not_kept": "No conversation is stored on this site. An answer can be read again for ten minutes and asked on "
    "from for an hour, and then it is gone.",
    "talk_presence": "Yes, this works. Ask what {creator} says, and every answer shows where it was said.",
    "talk_presence_everyone": "Yes, this works. Ask what is said in {works} here, and every answer shows where it was "
    "said.",
    "talk_wellbeing": "All well here, for a program that has no good or bad days. What would you like to know?",
    "talk_complaint": "Sorry that this was no help. Other words, or the name of a work or a person, may find it.",
    "talk_wrong": "Sorry about that. Each sentence of an answer links to where it was said, so you can check it there. "
    "Which answer do you mean? Ask for it again in other words, and it is looked up anew.",
    "talk_wrong_after": "Sorry about that. You asked: “{question}” Each sentence of the answer links to where it was "
    "said, so you can check it there. Ask again in other words, or name the work, and it is looked up anew.",
    "talk_trouble": "Sorry about that. The cause can’t be seen from here: load the page again, or ask once more. If it "
    "goes on, tell whoever runs this site.",
    "talk_manner": "Answers quote what was said in the words of whoever said it, so they sound like them.",
    "talk_manner_creator": "The wording follows how {creator} speaks. Set the voice to “{plain}”, and it is plain; "
    "quotations stay as they were said.",
    "talk_simple": "Yes, ask in the simplest words you like. Quotations stay as they were said; write “shorter” after "
    "an answer for its first point.",
    "talk_advice": "Advice of that kind, or a forecast, can’t be had here: on money, health or law ask somebody who "
    "knows your case. What {creator} says about a subject can be looked up.",
    "talk_advice_everyone": "Advice of that kind, or a forecast, can’t be had here: on money, health or law ask "
    "somebody who knows your case. What was said about a subject in {works} here can be looked up.",
    "talk_deletion": "A message deletes nothing. “Delete” beside a conversation in the list removes its questions and "
    "answers; what you leave is removed {days} days after the conversation’s last one.",
    "talk_model": "A program answers here, no person. It searches the works, and a language model, set up by whoever "
    "runs this site, may put what was found into words; each claim shows where it was said.",
    "talk_no_model": "A program answers here, no person, and no language model such as GPT: it searches the works and "
    "quotes what was said.",
    "talk_pastime": "That is beyond this site: it searches what people have published and quotes it. It knows no "
    "weather or news, runs no errands, and makes up nothing of its own. Ask what they say about their subjects.",
    "talk_wishes": "Thank you, and the same to you. Ask on whenever you like.",
    "talk_joy": "That is good to hear. Ask on whenever you like.",
    "talk_comfort": "Sorry to hear that; may it soon be better. Nothing here is in a hurry: ask whenever you like.",
    "talk_site": "There is no app to install: this page works in a browser, also on a phone, and is light or dark as "
    "the device is set. {kept}Works and creators are added by whoever runs the site.",
    "talk_site_kept": "Conversations are listed beside it, where they can be renamed and deleted; “Share” makes a link "
    "to one, and “Export” saves it as a file. ",
    "talk_citing": "Cite the work itself, not this page: each sentence of an answer links to the work, and to the "
    "second or passage where it stands, with title, creator and date. The words belong to whoever published them; ask "
    "them before you use more than a quotation.",
    "talk_goodbye": "Goodbye. Your questions are welcome any time.",
    "talk_last_question_after": "Your last question was: “{question}”",
    "talk_rests_on": "The last answer rests on these:",
    "talk_only_held": "What no source says of the last answer is left out.",
    "talk_nothing_held": "No source says anything of the last answer, so it is not said again.",
    "talk_nothing_before": "Nothing was answered before this in our conversation, so there is nothing to say again.",
    "voice_others": "The voice was left out: this rests on other people's words, and those are not put into one mouth.",
    "voice_quotes": "The voice was left out: quotations stay as they were said.",
    "voice_none": "The voice was left out: there was nothing to say it about.",
    "voice_other": "The voice was left out of this answer.",
    "voice_choose": "Choose a creator to hear their voice; everyone together has none.",
    "voice_unknown": "How {creator} sounds has not been written down yet.",
    "note_others": "Answered from other creators, so not in {creator}'s voice.",
    "note_quotes": "Quotations stay as they were said.",
    "cut": "The answer broke off here. What came is kept; ask again for a whole one.",
    "stopped": "The answer was stopped here.",
    "repetition": "The language model began to say the same again and again, and was stopped.",
    "length": "The answer reached its full length here. Ask on for the rest.",
    "unanswered": "This question was not answered.",
    "open_source": "open",
    "asked_of": "Asked of {creator}.",
    "guest_of": "{guest}, a guest of {creator}",
    "with_guest": "{creator} and {guest}, a guest",
    "unexpected": "The server answered in a way this page doesn't understand. Ask again in a moment.",
    "turn_failed": "No answer came of this. Ask again.",
    "left_out": "A part is left out here.",
    "taken_down": "This answer rested on something that was taken down here, so it is gone.",
    "turn_lost": "The answer was lost: the server that was writing it is gone. Ask again.",
    "conversation_gone": "That conversation is not here any more, or it is another browser's. You can begin a new one.",
    "retry": "Try again in {seconds} seconds.",
    "empty_query": "Type a question first.",
    "long_query": "The question has %(show_value)d characters; %(limit_value)d is the most.",
    "supported": "Stands in the source",
    "weak": "Only partly in the source",
    "unsupported": "Not in the source",
    "bare": "cites no source",
    "disagree": "They disagree about {parameter}",
    "not_there": "The cited sentence no longer stands here in these words.",
    "not_there_marked": "The cited sentence no longer stands here in these words. Marked is what is said at its time.",
}


def tier_message(tier: Tier) -> str:
    """Return the words that say whose works an answer rests on."""
    return MESSAGES[f"tier_{tier.value}"]


_GROUNDING: Mapping[str, tuple[str, str, str]] = {
    "supported": (
        "The one citation was found in its source.",
        "",
        "All {of} citations were found in their sources.",
    ),
    "unsupported": (
        "The one citation is not in its source.",
        "1 of {of} citations is not in its source.",
        "{count} of {of} citations are not in their sources.",
    ),
    "weak": (
        "The one citation is only partly in its source.",
        "1 of {of} citations is only partly in its source.",
        "{count} of {of} citations are only partly in their sources.",
    ),
    "bare": (
        "The one claim here cites no source.",
        "1 of {of} sentences cites no source.",
        "{count} of {of} sentences cite no source.",
    ),
}
"""What is said of the only one, of one of several, and of several; ``supported`` is said of all or of none."""


def grounding_message(kind: str, *, count: int, of: int) -> str:
    """Return the sentence that says of how many citations, or sentences where they are ``bare``, something holds."""
    only, one, many = _GROUNDING[kind]
    return only if of == 1 else ngettext(one, many, count).format(count=count, of=of)


VOICE_STOPS = ("Neutral", "A hint", "Balanced", "Strong", "Full voice")
"""The names of the weights 0, 0.25, 0.5, 0.75 and 1."""
REASONS = (
    ("wrong", "It is wrong"),
    ("not_in_source", "The sources don't say that"),
    ("not_asked", "It isn't what I asked"),
    ("too_long", "It is too long"),
    ("outdated", "It is out of date"),
    ("other", "Something else"),
)
"""The reasons for a thumb down, as they are stored and as they are read."""
PLAYER_MESSAGES: Mapping[str, str] = {
    "play_here": "Play here",
    "play_from": "Play from {time}",
    "play_close": "Close the player",
    "play_failed": "This file can't be played here; the link beside it may still open it.",
}
"""What the script of a page with players says, where nothing can be asked."""
SCRIPT_MESSAGES: Mapping[str, str] = {
    "ask": "Ask",
    "stop": "Stop",
    "to": "To {creator}",
    "to_everyone": "To everyone",
    "asking": "The next question goes to {creator}.",
    "searching": "Searching what {creator} has said…",
    "searching_everyone": "Searching everything said here…",
    "waiting": "The connection is lost. The answer goes on as soon as it is back…",
    "lost": "The rest of this answer is lost. Ask again for a whole one.",
    "lost_before": "The server can't be reached. Your question is kept.",
    "offline": "You are offline. Your question is kept.",
    "online": "The connection is back.",
    "busy": "This conversation is still answering the question before; it is shown here. Yours is kept.",
    "expired": "The server no longer knows this page. Your question is kept: load the page again.",
    "unexpected": "The server answered in a way this page doesn't understand. Your question is kept.",
    "wait": "You can ask again in {seconds} seconds.",
    "wait_one": "You can ask again in 1 second.",
    "enter": "Press Enter to ask again.",
    "left": "{count} characters left",
    "over": "{count} characters too many",
    "announce_begin": "Answering.",
    "announce_end": "The answer is complete. Sources: {count}.",
    "announce_partly": "Nobody says exactly that. The nearest is shown. Sources: {count}.",
    "announce_none": "Nobody here has said anything about that.",
    "announce_ended": "The answer ended early.",
    "looking": "A language model reads the doubtful sentences beside their sources…",
    "looked": "A language model looked at {count} of the citations again; see the sources.",
    "looked_at_none": "There was nothing to look at again.",
    "second_supported": "A language model: the source says it.",
    "second_weak": "A language model: the source says a part of it.",
    "second_unsupported": "A language model: the source doesn't say it.",
    "copied": "Copied.",
    "not_copied": "This browser doesn't let the page copy. Select the text instead.",
    "shared": "The link works now, and it is copied.",
    "unshared": "The link no longer works.",
    "thanks": "Thank you.",
    "taken_back": "Taken back.",
    "delete": "Delete",
    "rename": "Rename",
    "new_name": "New name of this conversation",
    "found_none": "None of your conversations says that.",
    "found": "Conversations found: {count}.",
    "sure": "Really delete?",
    "voice_choose": MESSAGES["voice_choose"],
    "voice_unknown": MESSAGES["voice_unknown"],
    **PLAYER_MESSAGES,
}


def counted(count: int, one: str, many: str) -> str:
    """Return a count with its noun: ``1 work``, ``3 works``."""
    return f"{count} {ngettext(one, many, count)}"


def clock(seconds: float) -> str:
    """Return seconds as a player shows them: ``2:05``, ``1:02:05``."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def duration(seconds: float) -> str:
    """Return how long something lasts, in words: ``40 s``, ``25 min``, ``1 h 5 min``."""
    minutes = round(seconds / 60)
    hours, minute = divmod(minutes, 60)
    if not minutes:
        return f"{int(seconds)} s"
    return f"{hours} h {minute} min" if hours else f"{minute} min"
