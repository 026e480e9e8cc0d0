from techtool.simulator.openevse.charger import FORMS
from tests.simulator.openevse.bench import Bench


def test_what_is_no_news_to_the_laptop_is_told_to_the_person() -> None:
    bench = Bench()
    bench.type("dance", "help", "unplug 3")
    assert [one.kind for one in bench.reports[-2:]] == ["problem", "help"]
    assert all(form.usage in bench.reports[-1].text for form in FORMS.values())
    assert bench.unplugged == [3.0] and not bench.ended
    bench.type("quit")
    assert bench.ended
