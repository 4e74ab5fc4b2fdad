"""Who writes, who lets through; the review of two steps; nothing of Wagtail's own groups."""

from django.db import migrations

from integrity.people.choices import Role
from integrity.people.grants import grant

AUTHOR, LEAD = Role.GUIDANCE_AUTHOR, Role.ELECTION_LEAD
PAGES = {
    AUTHOR: ["add_page", "change_page"],
    LEAD: ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"],
}
FILES = {
    ("wagtailimages", "image"): ["add_image", "change_image", "choose_image"],
    ("wagtaildocs", "document"): ["add_document", "change_document", "choose_document"],
}
BRIEFINGS = ["add_briefing", "change_briefing", "delete_briefing", "view_briefing"]


def set_up_review(apps, schema_editor):
    """Give the rights that belong to a place in the tree, and make the review."""
    group = {r: apps.get_model("auth", "Group").objects.get(name=str(r)) for r in (AUTHOR, LEAD)}
    permission = apps.get_model("auth", "Permission").objects
    page = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    collection = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for role, names in PAGES.items():
        for name in names:
            apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
                group=group[role],
                page=page,
                permission=permission.get(content_type__app_label="wagtailcore", codename=name),
            )
        for (app, _model), codenames in FILES.items():
            for name in codenames:
                apps.get_model("wagtailcore", "GroupCollectionPermission").objects.get_or_create(
                    group=group[role],
                    collection=collection,
                    permission=permission.get(content_type__app_label=app, codename=name),
                )
    _no_more_of_wagtails_own(apps)
    _make_review(apps, page, group)


def _no_more_of_wagtails_own(apps):
    """Take away groups and a review that would let somebody publish alone."""
    apps.get_model("wagtailcore", "Workflow").objects.all().delete()
    apps.get_model("wagtailcore", "Task").objects.all().delete()
    apps.get_model("auth", "Group").objects.filter(name__in=["Moderators", "Editors"]).delete()


def _make_review(apps, page, group):
    kind, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="guidance", model="otherpersontask"
    )
    workflow = apps.get_model("wagtailcore", "Workflow").objects.create(
        name="Twee anderen lezen mee / Two others read it", active=True
    )
    steps = (
        ("Verkiezingsleider / Election lead", [LEAD]),
        ("Tweede persoon / Second person", [LEAD, AUTHOR]),
    )
    for n, (name, roles) in enumerate(steps):
        task = apps.get_model("guidance", "OtherPersonTask").objects.create(
            name=name, active=True, content_type=kind
        )
        task.groups.set([group[role] for role in roles])
        apps.get_model("wagtailcore", "WorkflowTask").objects.create(
            workflow=workflow, task_id=task.pk, sort_order=n
        )
    apps.get_model("wagtailcore", "WorkflowPage").objects.create(workflow=workflow, page=page)


class Migration(migrations.Migration):
    dependencies = [
        ("guidance", "0001_initial"),
        ("people", "0003_rights_below"),
        ("wagtailadmin", "0003_admin_managed"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
    ]
    operations = [
        grant("wagtailcore", {}),
        grant("wagtailimages", {}),
        grant("wagtaildocs", {}),
        grant("wagtailadmin", {AUTHOR: ["access_admin"], LEAD: ["access_admin"]}),
        grant(
            "wagtail_localize",
            {AUTHOR: ["submit_translation"], LEAD: ["submit_translation"]},
        ),
        grant(
            "guidance",
            {
                AUTHOR: BRIEFINGS,
                LEAD: [*BRIEFINGS, "see_help", "answer_help", "check_account"],
                Role.SENIOR_MODERATOR: ["see_help", "answer_help"],
                Role.POLICY_LEAD: ["see_help", "answer_help", "check_account"],
                Role.AUDITOR: ["see_help"],
            },
        ),
        migrations.RunPython(set_up_review, migrations.RunPython.noop),
    ]
