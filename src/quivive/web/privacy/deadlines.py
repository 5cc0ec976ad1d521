"""Terms that the law counts in months, from a day to a day."""

import calendar
from datetime import date


def months_after(day: date, months: int) -> date:
    """Return the last day of a term: the same day of the month, or that month's last.

    As Regulation (EEC, Euratom) 1182/71, article 3 (2) c, counts; that a term which ends on a day
    of rest ends later is left out: to answer by then is early enough.

    >>> months_after(date(2026, 1, 31), 1), months_after(date(2026, 11, 27), 3)
    (datetime.date(2026, 2, 28), datetime.date(2027, 2, 27))
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
