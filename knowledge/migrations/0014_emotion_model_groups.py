"""Viewers see the versions of the emotion classifier; curators and operators choose among them."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

GIVEN = {
    "viewer": ("view_emotionmodel",),
    "curator": ("view_emotionmodel", "change_emotionmodel"),
    "operator": ("view_emotionmodel", "change_emotionmodel"),
}


def give(apps, schema_editor):
    create_permissions(
        installed.get_app_config("knowledge"), verbosity=0, using=schema_editor.connection.alias
    )
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in GIVEN.items():
        chosen = Permission.objects.filter(codename__in=codenames, content_type__app_label="knowledge")
        for group in Group.objects.filter(name=name):  # an operator may have removed it since
            group.permissions.add(*chosen)


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0013_search_vectors")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
