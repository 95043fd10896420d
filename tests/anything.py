"""Whatever may stand where a platform should have sent something else."""

from typing import Any

from hypothesis import strategies as st

# Deferred: `st.recursive` reads the source of its lambda, and another's where the file was edited meanwhile.
ANYTHING: st.SearchStrategy[Any] = st.deferred(
    lambda: st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.lists(ANYTHING, max_size=3)
    | st.dictionaries(st.text(max_size=8), ANYTHING, max_size=3)
)
