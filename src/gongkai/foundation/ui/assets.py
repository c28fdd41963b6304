"""Style sheets, scripts and modules under names that carry their digest (ADR 3)."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class Assets(ManifestStaticFilesStorage):
    """As Django's own; and a module names the modules that it imports by their digests as well, so
    that the editor is fetched once and not asked for again on each visit.
    """

    support_js_module_import_aggregation = True
