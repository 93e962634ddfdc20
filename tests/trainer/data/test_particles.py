import pytest

from trainer.data.particles import with_particles


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("“사과”을(를) 휴지통으로 옮길까요?", "“사과”를 휴지통으로 옮길까요?"),
        ("“당근”을(를) 쓰는 중입니다.", "“당근”을 쓰는 중입니다."),
        ("귤(으)로 변경", "귤로 변경"),
        ("당근(으)로 변경", "당근으로 변경"),
        ("키위(으)로 변경", "키위로 변경"),
        ("“감”이(가) 두 번 있습니다", "“감”이 두 번 있습니다"),
        ("“배”와(과) “감”은(는)", "“배”와 “감”은"),
        ("“감”와(과) “배”은(는)", "“감”과 “배”는"),
        ("모델 1(으)로, 모델 3(으)로, 모델 10(으)로", "모델 1로, 모델 3으로, 모델 10으로"),
        ("“사과”(이)라는 이름", "“사과”라는 이름"),
        ("“Apple”을(를)", "“Apple”을(를)"),
        ("Change to Kiwi", "Change to Kiwi"),
    ],
)
def test_particles_go_by_the_sound_before_them(text: str, right: str) -> None:
    assert with_particles(text) == right
