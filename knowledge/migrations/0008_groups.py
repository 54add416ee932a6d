"""The groups of people: viewers read, curators change the knowledge, operators also run jobs."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

EVERYTHING = (
    "dataset", "example", "archivedexample", "emotion", "feedback", "importbatch", "examplehistory", "snapshot",
    "cachedanswer",
)  # fmt: skip
VIEWER = [f"view_{model}" for model in EVERYTHING]
CURATOR = [
    *VIEWER,
    "add_dataset", "change_dataset",
    "add_example", "change_example", "delete_example",
    "change_archivedexample",
    "add_emotion", "change_emotion", "delete_emotion",
    "add_feedback", "change_feedback", "delete_feedback",
    "add_importbatch", "change_importbatch",
    "add_snapshot", "change_snapshot", "delete_snapshot",
]  # fmt: skip
OPERATOR = [*VIEWER, "change_dataset", "change_archivedexample", "view_job", "change_job", "delete_job", "view_apikey"]
GROUPS = {"viewer": VIEWER, "curator": CURATOR, "operator": OPERATOR}


def make_groups(apps, schema_editor):
    for label in ("jobs", "knowledge"):
        create_permissions(installed.get_app_config(label), verbosity=0, using=schema_editor.connection.alias)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(
            *Permission.objects.filter(codename__in=codenames, content_type__app_label__in=("jobs", "knowledge"))
        )


def drop_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0007_examples_at"),
        ("jobs", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, drop_groups)]
