"""What every form does that adds a file."""

from django import forms

from confluences.forms import RecordedForm
from confluences.uploads import EXTENSIONS, bare_name, content_type

ACCEPTED = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"  # a phone then offers its camera


class FileForm(RecordedForm):
    """A row with its `file` and `original_name`: a scan, or a photo taken on the spot."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        field.widget = forms.FileInput(attrs={"accept": ACCEPTED})
        field.max_length = None  # whatever its name, it is stored under another
        field.error_messages |= {
            "required": "Choisissez le fichier à ajouter, ou prenez le papier en photo.",
            "empty": "Ce fichier est vide : vérifiez-le, puis choisissez-le à nouveau.",
        }

    def clean_file(self):
        """Takes a file for what it holds, never for what it is called."""
        file = self.cleaned_data["file"]
        longest = self._meta.model._meta.get_field("original_name").max_length
        self.instance.original_name = bare_name(file.name)[:longest] or "document"
        extension = EXTENSIONS.get(content_type(file))
        if extension:
            file.name = f"document.{extension}"
        return file

    def save_by(self, user):
        row = super().save_by(user)
        if row is None and "file" in self.files and "file" not in self.errors:
            self.add_error(
                "file",
                "Ce fichier n’est pas encore enregistré, et le navigateur ne le garde pas : choisissez-le à nouveau.",
            )
        return row
