import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import documents.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('bulletin', 'Monthly bulletin'), ('red_card', 'Red card notice')], max_length=10)),
                ('number', models.CharField(max_length=40)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('title', models.CharField(max_length=200)),
                ('organ', models.CharField(max_length=100)),
                ('period', models.CharField(blank=True, max_length=7)),
                ('state', models.CharField(choices=[('valid', 'valid'), ('corrected', 'corrected'), ('withdrawn', 'withdrawn')], default='valid', max_length=9)),
                ('code', models.CharField(default=documents.models.new_code, max_length=32, unique=True)),
                ('path', models.CharField(max_length=80, unique=True)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('data_sha256', models.CharField(max_length=64)),
                ('source_sha256', models.CharField(max_length=64)),
                ('official_number', models.CharField(blank=True, max_length=60)),
                ('issued_on', models.DateField()),
                ('created_at', models.DateTimeField()),
                ('readers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('reason', models.TextField(blank=True)),
                ('source_kind', models.CharField(blank=True, max_length=20)),
                ('source_id', models.BigIntegerField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.post')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='documents.document')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('address', models.GenericIPAddressField(null=True)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='downloads', to='documents.document')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.post')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.CharField(max_length=24)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('series', 'year'), name='number_series_once')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=12)),
                ('subject_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=255)),
                ('path', models.CharField(max_length=80, unique=True)),
                ('size', models.PositiveIntegerField()),
                ('mime', models.CharField(max_length=100)),
                ('sha256', models.CharField(max_length=64)),
                ('by', models.CharField(choices=[('submitter', 'submitter'), ('staff', 'staff')], max_length=9)),
                ('public', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.post')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['subject_kind', 'subject_id'], name='attachment_subject')],
            },
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['kind', '-id'], name='document_kind'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['source_kind', 'source_id'], name='document_source'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=django.contrib.postgres.indexes.GinIndex(fields=['readers'], name='document_readers'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='document_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('number', 'version'), name='document_number_once'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('source_id__isnull', False), ('state', 'valid')), fields=('kind', 'source_kind', 'source_id'), name='document_one_valid_per_source'),
        ),
    ]
