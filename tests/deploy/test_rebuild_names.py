"""`tribune rebuild` takes what an error may name: also a version that is replaced, and served."""

from deploy.programs import SERVICES
from deploy.suite import read_models, read_models_named


def test_each_version_can_be_named_and_without_a_name_it_is_the_newest_ones() -> None:
    replaced = 0
    for service in SERVICES:
        newest = read_models(service)
        assert read_models_named(service, []) == list(newest)
        for model in newest:
            for version in model.versions():
                assert read_models_named(service, [version.name]) == [version]
                replaced += version is not model
        assert read_models_named(service, ["nothing_v1"]) == []
    assert replaced, "no read model replaces another"
