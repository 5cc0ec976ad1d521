"""What laws of chance are computed with: SciPy's special functions, loaded when first asked for.

Loading them takes a quarter of a second. A help page, a source and most pages never ask.
"""

from functools import cache
from typing import Any


@cache
def special() -> Any:
    """Return the module of special functions.

    >>> round(float(special().betainc(1, 1, 0.25)), 4)
    0.25
    """
    from scipy import special as functions

    return functions
