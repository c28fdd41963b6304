"""Bodies, their groups and posts, the people who hold them, and their accounts."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.core.clock import DEFAULT_ZONE
from gongkai.foundation.organisations.states import AbsenceKind


class Organisation(models.Model):
    """A body that keeps its word to be open (公开主体): a township committee, a village."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    zone = models.CharField(max_length=40, default=DEFAULT_ZONE)

    class Meta:
        verbose_name = _("公开主体")

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """A standing group of an organisation (小组), such as 领导小组 or 监督小组."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("小组")
        constraints = (
            models.UniqueConstraint(fields=["organisation", "key"], name="a_group_has_its_own_key"),
        )

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post (岗位). Rights follow the post, and through it whoever holds it on the day.

    ``rights`` are names from :class:`gongkai.foundation.organisations.states.Right`; ``place`` is
    the order of the charter. A post that a later charter leaves out is ``retired``: it keeps its
    history and carries no rights.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    department = models.CharField(max_length=100, blank=True)
    rights = models.JSONField(default=list)
    place = models.PositiveIntegerField(default=0)
    retired = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("岗位")
        constraints = (
            models.UniqueConstraint(fields=["organisation", "key"], name="a_post_has_its_own_key"),
        )

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A post's place in a group (小组成员), with its role there: 组长, 副组长, 成员."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("小组成员")
        constraints = (
            models.UniqueConstraint(fields=["group", "post"], name="a_post_sits_in_a_group_once"),
        )


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; a password is always set through it, never stored as typed."""

    def create_user(
        self, username: str, password: str | None = None, **fields: object
    ) -> "Account":
        """An account that may sign in with ``password`` (unusable when left out)."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser, PermissionsMixin):
    """What somebody signs in with (账号). Rights come from posts, never from the account."""

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = AccountManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("账号")
        constraints = (
            models.UniqueConstraint(Lower("username"), name="usernames_differ_by_more_than_case"),
        )


class Member(models.Model):
    """A person of an organisation (成员), who may hold posts and may read what members read.

    ``left_on`` is the first day on which they are no member any more.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=60)
    party = models.BooleanField(_("党员"), default=False)
    account = models.OneToOneField(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    left_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("成员")
        indexes = (models.Index(fields=["organisation", "name"], name="members_by_name"),)

    def __str__(self) -> str:
        return self.name


class Tenure(models.Model):
    """Who holds a post from when to when (任职); ``until`` is the last day, open when empty."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        verbose_name = _("任职")
        constraints = (
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="a_tenure_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["post"], condition=Q(until__isnull=True), name="a_post_has_one_open_tenure"
            ),
        )
        indexes = (models.Index(fields=["member", "since"], name="tenures_of_a_member"),)


class Absence(models.Model):
    """A holder's time away, and the post whose holder acts on their turns meanwhile (外出代行).

    Both days belong to it; it is over by itself. It goes with the tenure: a new holder of the post
    is not away.
    """

    tenure = models.ForeignKey(Tenure, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=AbsenceKind.choices)
    since = models.DateField()
    until = models.DateField()

    class Meta:
        verbose_name = _("外出代行")
        constraints = (
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="an_absence_ends_after_it_begins"
            ),
        )
        indexes = (models.Index(fields=["deputy", "until"], name="absences_by_deputy"),)
