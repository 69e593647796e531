"""How the help center says no."""

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import NotFound


class ArticleNotFound(NotFound):
    """There is no article of that name."""

    code = "help_center.article_not_found"
    sentence = _("There is no such article. Search with a word of your question.")
    remedy = (_("Open help"), "help_center:index")
