"""Trainer's sentences in the user's language.

Trainer knows no Qt, so its templates are listed here for the translators, and those of the workers'
errors with them; a test compares the list with the source.
"""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trainer.errors import TrainerError

TEMPLATES: tuple[object, ...] = (
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” does not know how its right answers look, so there is nothing to keep by.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "HEIC photos are not supported. Save the photo as a JPEG and try again.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "None of the {count} photos could be read."),
    QT_TRANSLATE_NOOP("Trainer", "The model has learnt from this photo."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The model has learnt from all of these photos of “{path}”. Choose others to test it with.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer", "Two classes cannot both be called “{name}”. Give each a name of its own."
    ),
    QT_TRANSLATE_NOOP("Trainer", "Something unexpected went wrong ({detail})."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The ImageNet weights could not be downloaded from {host} ({detail}). Go "
        "online and try again, or fetch {url} on another machine and choose that file "
        "under “Start from” (in the terminal: --weights). EfficientNet-Lite0 and Lite2 need no "
        "download.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer", "With a joint head, there is no teacher, and pictures are not mixed."
    ),
    QT_TRANSLATE_NOOP(
        "Trainer", "Random weights know none of the ImageNet classes of a joint head."
    ),
    QT_TRANSLATE_NOOP("Trainer", "Only a joint head has ImageNet's classes to hold on to."),
    QT_TRANSLATE_NOOP("Trainer", "A joint head can only learn in a single process."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The weights in “{path}” do not tell ImageNet's classes apart, as a joint head needs. "
        "Choose another head or other weights.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "timm has no weights of “{name}”. Name another kind of them, as in {example}, or start "
        "from nothing.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "timm has no network “{name}”. Did you mean one of: {closest}?"),
    QT_TRANSLATE_NOOP(
        "Trainer", "The network “{name}” cannot be used here ({detail}). Choose another."
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The network “{name}” cannot see pictures of {size} pixels ({detail}). Choose its own "
        "size, {own}, or another network.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The teacher “{teacher}” and a {model} see pictures normalised in different ways. "
        "Choose another teacher or model.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "An address starts with http://, https:// or rtsp://, then the camera's name.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "There is no video “{source}”. Choose another.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{source}” is not a video that can be played.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{source}” does not answer. Check the address, and that the camera is on and in the "
        "same network.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{source}” gives no picture. Close other programs that use it, and see in Settings, "
        "Privacy & security, Camera, that desktop apps may use it.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{source}” gives no picture. Close other programs that use it, and see in System "
        "Settings, Privacy & Security, Camera, that this app may use it.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{source}” is not connected. Plug it in.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "You may not use the camera “{source}”: your account is not in the group “video”. Run "
        "“sudo usermod -aG video $USER”, then log in again.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{source}” gives no picture. Close other programs that use it, such as video calls.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The camera “{source}” gives no picture any more. It is taken up again as soon as it does.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "All photos of “{name}” are of one recording, so none can check what is learnt. "
        "Record it once more.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "All photos of each class are of one recording, so none can check what is learnt. "
        "Record each class once more.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The name of “{source}” is not readable text. Rename it and try again.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” could not be moved to the trash. Remove it by hand.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” could not be fetched back from the trash. Do it by hand.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The disk refused to store “{path}” ({detail}). Make room, or choose another folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The download of “{name}” is not the file that it should be. Try again.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "The file cannot be read ({detail})."),
    QT_TRANSLATE_NOOP("Trainer", "The file is empty."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The folder name “{name}” is not readable text. Rename it and try again.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "The loss is no longer a number. Choose a lower learning rate."),
    QT_TRANSLATE_NOOP("Trainer", "The model does not know the class “{name}”."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The photos in “{path}” have changed since this run began. Start a new one.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The picture could not be stored ({detail}). Make room on the disk.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The picture is damaged ({detail}). Save it anew from its source.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The picture is too large ({width}×{height}). Shrink it and try again.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "The picture is too large. Shrink it and try again."),
    QT_TRANSLATE_NOOP("Trainer", "The run “{name}” is damaged."),
    QT_TRANSLATE_NOOP("Trainer", "The run's state “{path}” is damaged, so it cannot go on."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The starter model is a {starter}, so its weights cannot start a {model}. "
        "Choose the model {starter}, or other weights.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "The starter model is missing: {detail}"),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The teacher “{teacher}” was taught other classes than “{path}” has.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The weights in “{path}” are not a {model}'s. Choose another file or another model.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "The weights in “{path}” are of no model known here."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The zip file reaches outside its folder (“{name}”), and is refused.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "There are no pictures in {places}."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The zip file is damaged or locked. Unpack it with another program, and try again.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "There is no folder or zip file “{path}”."),
    QT_TRANSLATE_NOOP("Trainer", "There is no model file “{path}”."),
    QT_TRANSLATE_NOOP("Trainer", "There is no model “{name}”. Choose one of: {known}."),
    QT_TRANSLATE_NOOP("Trainer", "There is no preset “{name}”. Choose one of: {known}."),
    QT_TRANSLATE_NOOP("Trainer", "There is no run “{name}”."),
    QT_TRANSLATE_NOOP("Trainer", "There is no such file."),
    QT_TRANSLATE_NOOP("Trainer", "There is no weights file “{path}”."),
    QT_TRANSLATE_NOOP("Trainer", "This is a folder, not a picture."),
    QT_TRANSLATE_NOOP("Trainer", "This is not a picture, or of a kind that is not supported."),
    QT_TRANSLATE_NOOP("Trainer", "This is not a recipe of this version: {error}."),
    QT_TRANSLATE_NOOP("Trainer", "This machine has no device “{name}”. Use “auto” or “cpu”."),
    QT_TRANSLATE_NOOP("Trainer", "{name} is {value}, but must lie between {lowest} and {highest}."),
    QT_TRANSLATE_NOOP("Trainer", "“{folder}” cannot be written to ({detail})."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{folder}” holds a run already. Resume it, or choose another folder.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "“{path}” cannot be read ({detail})."),
    QT_TRANSLATE_NOOP("Trainer", "“{path}” cannot be unpacked ({detail})."),
    QT_TRANSLATE_NOOP("Trainer", "“{path}” has no readable photo of a class that the model knows."),
    QT_TRANSLATE_NOOP("Trainer", "“{path}” has no readable photos in its {split} split."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” holds other files. Choose an empty folder for the demo data set.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” holds photos of {count} classes, but at least 2 are needed: put the "
        "photos of each class into a folder of their own.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "“{path}” is a file. Choose a folder."),
    QT_TRANSLATE_NOOP("Trainer", "“{path}” is a safetensors file, but not a model of this app."),
    QT_TRANSLATE_NOOP("Trainer", "“{path}” is damaged or not a model file ({detail})."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” is damaged, or holds something else than a network's weights.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” is of a network that is not known here ({name}). Another version of this app "
        "may know it.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "“{path}” cannot be read ({detail})."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The weights that the run started from are others by now, so it cannot go on. Train anew.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "{model} has no layer of ImageNet's classes that a joint head could keep. Choose another "
        "head or another network.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "“{path}” is neither a folder nor a zip file."),
    QT_TRANSLATE_NOOP("Trainer", "“{path}” is too large to unpack."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” tells {known} classes apart, but {given} names were given.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "“{root}” has no split “{name}”, only: {known}."),
    QT_TRANSLATE_NOOP("Trainer", "“{value}” is no choice for {name}. Choose one of: {known}."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The class “{name}” has no photos.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{name}” is in {split} but not in {leading}, and is left out.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "There is not enough memory to train. Choose a smaller picture size, batch size or model.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” has a single photo to learn from. Add more.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "A teacher can only teach in a single process.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” is no longer there. Connect it again, then go on.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "A batch of a single photo cannot be learnt from. Choose 2 or more.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "With a teacher, pictures are mixed by mixed_share alone.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The run “{name}” is being trained already, in another window or terminal.",
    ),
    QT_TRANSLATE_NOOP("Trainer", "{count} processes need batches of {least} photos or more."),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The caches could not be emptied ({detail}). Close what uses them and try again.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "A seed is a whole number, such as 0.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "Choose at least one model and one strategy to compare.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "Nothing was applied to “{path}” that could be put back.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The comparison “{name}” is damaged.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The evaluation “{path}” cannot be read ({detail}). Evaluate the model again.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The export does not answer as the model does: probabilities differ by up to "
        "{difference}, and {mistakes} of {count} photos get another label. It was not kept; "
        "choose another format.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The export does not tell the unknown as the model does: familiarity differs by up to"
        " {difference}. It was not kept; choose another format.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The export would take the place of the model “{path}”. Choose another name.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” is no name of an OpenVINO model. Choose one that ends in .xml; its weights are "
        "written beside it, to a file that ends in .bin.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The weights would take the place of “{path}”, which is no export's. Choose another name.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The list of changes “{path}” is damaged. Move it away, or mend it, and try again.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The photos in “{path}” have changed since this comparison began. Start a new one.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The run “{name}” is being trained. Stop it, then delete it.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "There is no comparison “{name}”.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "There is no run, comparison or model file “{name}”.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "Your changes count here ({count}). They are kept in “{file}”, beside the folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{folder}” holds another comparison. Choose another folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” cannot be exported as {format} ({detail}). Choose another format.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” is not a folder, so its photos cannot be moved. Unpack it first.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” does not say what its classes are called. Give their names with --classes, "
        "or the data set that it learnt from with --data.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "A report is a web page. Give it a name that ends in .html, not “{name}”.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The export's logits are not the model's: divided by the temperature, their softmax "
        "differs from the probabilities by up to {difference}. It was not kept; choose "
        "another format.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "The model “{path}” answers with what is no number. Train it again, or choose another.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "What the export says of itself is not what the model says ({fields}). It was not "
        "kept; choose another format.",
    ),
    QT_TRANSLATE_NOOP(
        "Trainer",
        "“{path}” is a whole disk. Put the photos into a folder on it.",
    ),
)


_SPLITS = (
    QT_TRANSLATE_NOOP("Split", "train"),
    QT_TRANSLATE_NOOP("Split", "validation"),
    QT_TRANSLATE_NOOP("Split", "test"),
)
_SPLIT_DETAILS = frozenset({"split", "leading"})


def translated(error: TrainerError) -> str:
    """The error's sentence, in the language of the window."""
    details = {name: _translated_detail(name, value) for name, value in error.details.items()}
    return QCoreApplication.translate("Trainer", error.template).format(**details)


def _translated_detail(name: str, value: object) -> object:
    if isinstance(value, TrainerError):
        return translated(value)
    if name in _SPLIT_DETAILS and value in _SPLITS:
        return QCoreApplication.translate("Split", str(value))
    return value
