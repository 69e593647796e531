"""How forms look: `{{ form }}` and `{{ form.email.as_field_group }}` come out as our `field` components."""

from django.forms.renderers import DjangoTemplates
from django.forms.utils import ErrorList


class VetturaRenderer(DjangoTemplates):
    """Django's renderer with the design system's templates for forms and fields; widgets stay Django's own."""

    form_template_name = "portal/forms/form.html"
    field_template_name = "portal/forms/field.html"


# The list at the top of a form (errors that belong to no field); a field's own errors are rendered by its template.
ErrorList.template_name = "portal/forms/errors.html"
