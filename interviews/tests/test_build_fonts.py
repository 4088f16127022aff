import io
from unittest import mock

import pytest
from django.core.management import call_command

from interviews.exports import fonts


@pytest.mark.parametrize(("is_built", "said"), [(True, ""), (False, "Fonts built.\n")])
def test_fonts_are_built_only_if_they_are_out_of_date(is_built, said):
    out = io.StringIO()
    with mock.patch.object(fonts, "is_built", return_value=is_built), mock.patch.object(fonts, "build") as build:
        call_command("build_fonts", stdout=out)
    assert (out.getvalue(), build.called) == (said, not is_built)
