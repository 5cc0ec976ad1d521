"""All that people and workers change in listen: topics, imports and their quarantine."""

from quivive.web.listen.services.arrivals import (
    MOST,
    arrived,
    next_arrivals,
    put_aside,
)
from quivive.web.listen.services.calls import (
    LARGEST_BYTES,
    take_call,
    too_large,
)
from quivive.web.listen.services.evidence import (
    capture_posts,
    empty_capture,
    picture_now,
    stamp_due,
)
from quivive.web.listen.services.imports import (
    Reading,
    bring_file,
    bring_path,
    finish_import,
    keep_found,
    move_files,
    next_reading,
    queue_import,
    save_mapping,
    stop_import,
    unforeseen,
)
from quivive.web.listen.services.past import (
    keep_late,
)
from quivive.web.listen.services.quarantine import (
    correct_line,
    discard_line,
)
from quivive.web.listen.services.samples import (
    bring_sample,
)
from quivive.web.listen.services.searching import (
    forget_view,
    hide_posts,
    label_posts,
    put_on_topic,
    save_view,
    show_posts,
    undo,
    unlabel_posts,
)
from quivive.web.listen.services.sources import (
    Tried,
    pause_source,
    remove_source,
    resume_source,
    save_source,
    secret_fields,
    try_source,
)
from quivive.web.listen.services.topics import (
    Aside,
    TopicRules,
    add_source,
    archive_topic,
    bring_back_version,
    restore_topic,
    save_topic,
)
from quivive.web.listen.services.witness import (
    bring_post,
)

__all__ = [
    "LARGEST_BYTES",
    "MOST",
    "Aside",
    "Reading",
    "TopicRules",
    "Tried",
    "add_source",
    "archive_topic",
    "arrived",
    "bring_back_version",
    "bring_file",
    "bring_path",
    "bring_post",
    "bring_sample",
    "capture_posts",
    "correct_line",
    "discard_line",
    "empty_capture",
    "finish_import",
    "forget_view",
    "hide_posts",
    "keep_found",
    "keep_late",
    "label_posts",
    "move_files",
    "next_arrivals",
    "next_reading",
    "pause_source",
    "picture_now",
    "put_aside",
    "put_on_topic",
    "queue_import",
    "remove_source",
    "restore_topic",
    "resume_source",
    "save_mapping",
    "save_source",
    "save_topic",
    "save_view",
    "secret_fields",
    "show_posts",
    "stamp_due",
    "stop_import",
    "take_call",
    "too_large",
    "try_source",
    "undo",
    "unforeseen",
    "unlabel_posts",
]
