"""What model cards say, in each language."""

from dataclasses import dataclass

from trainer.data.class_names import Language
from trainer.export.format import Format


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The sentences of a model card; some have places to fill in."""

    summary: str
    what: str
    architecture: str
    image_input: str
    image_size: str
    squash: str
    crop: str
    file: str
    input: str
    photo: str
    images: str
    created: str
    classes: str
    name: str
    accuracy: str
    measured: str
    measured_somehow: str
    unmeasured: str
    origin: str
    licence: str
    no_licence: str
    weights_licence: str
    fingerprint: str
    taught: str
    lesson: str
    use: str
    names: str
    unsure: tuple[str, ...]
    """What it is not sure of: the first that no class is called."""
    says_unknown: str
    never_says_unknown: str
    no_food_safety: str
    other_photos: str
    calibration: str
    temperature: str
    no_temperature: str
    beside_background: str
    familiarity: str
    confidence: str
    no_threshold: str
    usage: str
    usage_needs: dict[Format, str]
    metadata: dict[Format, str]
    check: str
    checked: str
    but_for_ties: str


_ENGLISH = Texts(
    summary="An image classifier that tells {count} classes apart, trained with Fruitgui.",
    what="What it is",
    architecture="architecture",
    image_input="what it sees",
    image_size="{size} pixels, RGB, {resize}",
    squash="the whole picture, squashed to a square",
    crop="the square in the middle of the picture",
    file="file",
    input="input",
    photo="`photo`: uint8 (height, width, 3), RGB, of any size; resizing and normalisation are in "
    "the file",
    images="`images`: float32 (N, 3, S, S), RGB, resized and normalised",
    created="created",
    classes="What it tells apart",
    name="class",
    accuracy="How well it does",
    measured="{accuracy} of {count} validation photos are answered right (95% interval {low} to "
    "{high}). It did not learn from them, but the best epoch was chosen by them, so on photos from "
    "elsewhere it will do somewhat worse.",
    measured_somehow="{accuracy} of the validation photos are answered right. How many they were "
    "is not known, nor is how far the figure can be trusted.",
    unmeasured="This was not measured. Try it on photos that it did not learn from before you rely "
    "on it.",
    origin="What it learnt from",
    licence="Licence: {licence}",
    no_licence="The licence of the photos is not stated. Ask whoever trained the model before you "
    "pass it on.",
    weights_licence="Licence of the weights that it started from: {licence}",
    taught="Taught since, to its last layer alone:",
    lesson="{kind}, {photos} photos ({at})",
    fingerprint="Fingerprint of the photos: {fingerprint}",
    use="What it is for, and what not",
    names="It names what is on a photo of one of its classes, for sorting, labelling, learning and "
    "play.",
    unsure=("unknown", "not sure"),
    says_unknown="It knows its classes only. It says *{unsure}* of what looks unlike the photos "
    "that it learnt from, but not of everything: some strange things look familiar, and get a "
    "label.",
    never_says_unknown="It knows its classes only, and names one of them whatever it is shown.",
    no_food_safety="A label says nothing about whether a thing can be eaten. Do not decide by it "
    "on allergens, food safety, poisonous plants, or anything medical.",
    other_photos="It does worse on photos unlike those that it learnt from: other light, other "
    "cameras, other varieties, several things at once.",
    calibration="Calibration",
    temperature="The logits are divided by {temperature} (the temperature) before softmax, so that "
    "of answers with a probability of 80%, about 80% are right.",
    no_temperature="The probabilities are the network's own; how often they are right was not "
    "measured.",
    beside_background="In the softmax a 0 stands beside the logits, for what is none of the "
    "classes; the probabilities therefore add up to less than 100%.",
    familiarity="`familiarity` is the share of right validation answers that looked less familiar. "
    "Say *{unsure}* where it is below {threshold}: that keeps {kept} of the right answers.",
    confidence="Say *{unsure}* where the largest probability is below {threshold}. This model was "
    "not taught what looks familiar to it.",
    no_threshold="Nothing is called *{unsure}*: this model was not taught what looks familiar to "
    "it.",
    usage="How to use it",
    usage_needs={
        "onnx": "With `pip install onnxruntime pillow`:",
        "torch_export": "With `pip install torch pillow numpy`:",
        "openvino": "With `pip install openvino pillow numpy`, and both files in one folder:",
        "torchscript": "With `pip install torch pillow numpy`:",
    },
    metadata={
        "onnx": "The names of the classes in English and Korean (`labels_en`, `labels_ko`), the "
        "layout of the input and all other figures are in the file's metadata.",
        "torch_export": "The names of the classes in English and Korean (`labels_en`, "
        "`labels_ko`), the layout of the input and all other figures are in the archive's "
        "`metadata.json`.",
        "openvino": "The names of the classes in English and Korean (`labels_en`, `labels_ko`), "
        "the layout of the input and all other figures are in the model's runtime information, "
        "under `fruitgui` and `metadata`. Compile it with `f32`, as above: on some processors "
        "OpenVINO computes in 16 bits unless it is told otherwise, which was not checked.",
        "torchscript": "The names of the classes in English and Korean (`labels_en`, `labels_ko`), "
        "the layout of the input and all other figures are in the archive's `metadata.json`.\n\n"
        "TorchScript is deprecated: PyTorch advises to use `torch.export` instead, and may cease "
        "to read this file.",
    },
    check="How it was checked",
    checked="Before this file was kept, it was read again, and answered {count} photos beside the "
    "model that it was made of: {yours} photos of whoever exported it, and otherwise samples and "
    "rendered pictures. The labels are the same{but_for_ties}, and no probability differs by more "
    "than {difference}.",
    but_for_ties=" (but for {ties} photos, of which the model itself had two classes level)",
)

_KOREAN = Texts(
    summary="{count}가지를 구별하는 이미지 분류 모델입니다. Fruitgui로 학습했습니다.",
    what="모델 정보",
    architecture="구조",
    image_input="보는 그림",
    image_size="{size} 픽셀, RGB, {resize}",
    squash="그림 전체를 정사각형으로 맞춤",
    crop="그림 가운데의 정사각형",
    file="파일",
    input="입력",
    photo="`photo`: uint8 (높이, 너비, 3), RGB, 크기 제한 없음. 크기 조절과 정규화는 파일 안에서 "
    "합니다",
    images="`images`: float32 (N, 3, S, S), RGB, 크기를 조절하고 정규화한 것",
    created="만든 때",
    classes="구별하는 것",
    name="클래스",
    accuracy="정확도",
    measured="검증 사진 {count}장 가운데 {accuracy}를 맞혔습니다(95% 신뢰구간 {low}~{high}). "
    "학습에 쓰지 않은 사진이지만 가장 좋은 에포크를 이 사진들로 골랐으므로, 다른 곳의 사진에서는 "
    "정확도가 조금 더 낮을 것입니다.",
    measured_somehow="검증 사진의 {accuracy}를 맞혔습니다. 사진이 몇 장이었는지 알 수 없어 "
    "얼마나 믿을 수 있는 값인지도 알 수 없습니다.",
    unmeasured="정확도를 재지 않았습니다. 믿고 쓰기 전에 학습에 쓰지 않은 사진으로 시험해 보세요.",
    origin="학습에 쓴 사진",
    licence="라이선스: {licence}",
    no_licence="사진의 라이선스가 적혀 있지 않습니다. 다른 사람에게 주기 전에 모델을 학습한 "
    "사람에게 확인하세요.",
    weights_licence="처음 가중치의 라이선스: {licence}",
    taught="다음은 학습이 끝난 뒤 마지막 층만으로 가르친 것입니다.",
    lesson="{kind}, 사진 {photos}장({at})",
    fingerprint="사진의 지문: {fingerprint}",
    use="용도와 한계",
    names="클래스에 있는 것을 찍은 사진에 이름을 붙입니다. 분류, 라벨링, 학습, 놀이에 쓰세요.",
    unsure=("잘 모르겠음", "판단 못 함"),
    says_unknown="클래스에 있는 것만 압니다. 학습한 사진과 달라 보이면 *{unsure}*이라고 "
    "하지만 언제나 그런 것은 아닙니다. 낯선 것이 익숙해 보여 이름이 붙기도 합니다.",
    never_says_unknown="클래스에 있는 것만 알며, 무엇을 보여 주어도 그 가운데 하나로 답합니다.",
    no_food_safety="이름은 먹어도 되는지를 알려 주지 않습니다. 알레르기, 식품 안전, 독성 식물, "
    "의료에 관한 판단에 쓰지 마세요.",
    other_photos="조명, 카메라, 품종이 학습한 사진과 다르거나 여러 가지가 함께 찍힌 사진에서는 "
    "정확도가 떨어집니다.",
    calibration="보정",
    temperature="로짓을 {temperature}(온도)로 나눈 뒤 소프트맥스를 계산합니다. 그래서 확률이 "
    "80%인 답은 약 80%가 맞습니다.",
    no_temperature="확률은 신경망이 낸 그대로이며, 얼마나 맞는지는 재지 않았습니다.",
    beside_background="소프트맥스에는 어느 클래스도 아닌 것의 몫으로 로짓 옆에 0이 하나 더 "
    "들어갑니다. 그래서 확률을 모두 더해도 100%에 못 미칩니다.",
    familiarity="`familiarity`는 맞힌 검증 사진 가운데 이보다 덜 익숙해 보인 사진의 비율입니다. "
    "{threshold}보다 작으면 *{unsure}*으로 하세요. 그러면 맞는 답의 {kept}가 남습니다.",
    confidence="가장 큰 확률이 {threshold}보다 작으면 *{unsure}*으로 하세요. 이 모델은 무엇이 "
    "익숙한지 배우지 않았습니다.",
    no_threshold="*{unsure}*이라고 하지 않습니다. 이 모델은 무엇이 익숙한지 배우지 않았습니다.",
    usage="사용 방법",
    usage_needs={
        "onnx": "`pip install onnxruntime pillow`를 실행한 다음:",
        "torch_export": "`pip install torch pillow numpy`를 실행한 다음:",
        "openvino": "`pip install openvino pillow numpy`를 실행하고 두 파일을 한 폴더에 둔 다음:",
        "torchscript": "`pip install torch pillow numpy`를 실행한 다음:",
    },
    metadata={
        "onnx": "클래스의 영어와 한국어 이름(`labels_en`, `labels_ko`), 입력의 형식, 그 밖의 "
        "값은 모두 파일의 메타데이터에 있습니다.",
        "torch_export": "클래스의 영어와 한국어 이름(`labels_en`, `labels_ko`), 입력의 형식, 그 "
        "밖의 값은 모두 파일 안의 `metadata.json`에 있습니다.",
        "openvino": "클래스의 영어와 한국어 이름(`labels_en`, `labels_ko`), 입력의 형식, 그 밖의 "
        "값은 모두 모델의 런타임 정보(`fruitgui` 아래 `metadata`)에 있습니다. 위처럼 `f32`로 "
        "컴파일하세요. 그러지 않으면 일부 프로세서에서는 OpenVINO가 16비트로 계산하며, 그 결과는 "
        "확인하지 않았습니다.",
        "torchscript": "클래스의 영어와 한국어 이름(`labels_en`, `labels_ko`), 입력의 형식, 그 "
        "밖의 값은 모두 파일 안의 `metadata.json`에 있습니다.\n\nTorchScript는 더 이상 권장되지 "
        "않습니다. PyTorch는 대신 `torch.export`를 권하며, 앞으로 이 파일을 읽지 못하게 될 수 "
        "있습니다.",
    },
    check="확인한 방법",
    checked="이 파일을 남기기 전에 다시 읽어 원래 모델과 함께 사진 {count}장에 답하게 했습니다. "
    "그 가운데 {yours}장은 내보낸 사람의 사진이고, 나머지는 예시 사진과 만들어 낸 그림입니다. "
    "라벨이 같고{but_for_ties}, 확률의 차이는 {difference} 이하입니다.",
    but_for_ties="(원래 모델에서 두 클래스의 확률이 같은 사진 {ties}장 제외)",
)

TEXTS: dict[Language, Texts] = {"en": _ENGLISH, "ko": _KOREAN}
