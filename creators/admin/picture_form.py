"""The form of a creator's picture: a file, kept as the small square that is made of it."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from creators.admin.pictures import MOST_BYTES, PictureError, square_of
from creators.models import Picture


class PictureForm(forms.ModelForm[Picture]):
    """Takes a JPEG, PNG or WebP of any shape."""

    file = forms.FileField(
        label="Picture",
        help_text="JPEG, PNG or WebP, at most 10 MB. Its middle is kept as a square of 192 pixels.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    class Meta:
        model = Picture
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for a file only where there is no picture yet."""
        super().__init__(*args, **kwargs)
        self.fields["file"].required = self.instance.pk is None

    def clean_file(self) -> Any:
        """Return the square that is made of the file, None where the picture stays as it is."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is None:
            return None
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError("The picture has more than 10 MB; make it smaller first.")
        try:
            return square_of(file.read())
        except PictureError as error:
            raise forms.ValidationError(str(error)) from None

    def save(self, commit: bool = True) -> Picture:
        """Store the square."""
        if square := self.cleaned_data["file"]:
            self.instance.content, self.instance.digest = square.content, square.digest
        return super().save(commit=commit)
