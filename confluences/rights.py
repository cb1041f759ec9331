"""The four roles and what each may do: the table of design, as permissions."""

from django.contrib.auth.models import Group, Permission

from confluences.enums import Role
from confluences.models import User


def _permissions(app: str, actions: str, *models: str) -> set[str]:
    return {f"{app}.{action}_{model}" for action in actions.split() for model in models}


IDENTITY = ("beneficiary", "contract", "pass", "suspension", "prolongation")
SUPPORT = ("followup", "appointment", "step", "barrierassessment", "careerproject", "document")
JOBS = ("joborder", "jobshare")
EQUIPMENT = ("equipment", "equipmentevent")
COURSES = ("programme", "module", "session", "sessionmodule", "enrolment")
ATTENDANCE = ("attendance", "attendedmodule")
DIRECTORY = ("partner", "partnername", "contact", "service", "servicetheme")
REFERRALS = ("referral", "referralchange", "replylink", "immersion")
GRANTS = ("funder", "grant", "grantdocument", "instalment", "obligation")
MONEY = ("purchase", "purchaseshare", "budget", "budgetline", "cashbalance")
EXIT_REFERENCE = ("exitreason", "ruleset", "target", "countedreason")

READ_IDENTITY = _permissions("beneficiaries", "view", *IDENTITY)
WRITE_IDENTITY = _permissions("beneficiaries", "view add change", *IDENTITY, "entrysituation")
READ_WORKSITES = _permissions("worksites", "view", "worksite", "assignment", "financialannex", "aidrate")
WRITE_WORKSITES = READ_WORKSITES | _permissions(
    "worksites", "add change", "worksite", "assignment", "financialannex"
)
READ_GROUND = (
    _permissions("beneficiaries", "view", "timeentry", "monthclosing")
    | _permissions("worksites", "view", *JOBS, *EQUIPMENT)
    | _permissions("trainings", "view", *COURSES, *ATTENDANCE, "certificate")
)
# What happens on the worksites, to write: presence, jobs, equipment, attendance.
WRITE_GROUND = (
    READ_GROUND
    | _permissions("beneficiaries", "add change delete", "timeentry")
    | _permissions("worksites", "add change", *JOBS, *EQUIPMENT)
    | _permissions("worksites", "delete", "jobshare")
    | _permissions("trainings", "add change delete", *ATTENDANCE)
)
WRITE_TRAININGS = (
    _permissions("trainings", "add change", *COURSES)
    | _permissions("trainings", "delete", "session", "sessionmodule", "module")
    | _permissions("trainings", "add change delete", *ATTENDANCE)
)
STEER_GROUND = (
    WRITE_GROUND
    | WRITE_TRAININGS
    | _permissions("beneficiaries", "add change", "monthclosing")
    # The papers that the association signs.
    | _permissions("trainings", "add change", "certificate")
)
READ_PARTNERS = _permissions("partners", "view", *DIRECTORY)
WRITE_PARTNERS = READ_PARTNERS | _permissions(
    "partners", "add change", "partner", "partnername", "contact", "service"
)
WRITE_FUNDING = (
    _permissions("funding", "view add change", *GRANTS, *MONEY)
    | _permissions(
        "funding", "delete", "grantdocument", "instalment", "obligation", "purchaseshare", "budgetline"
    )
    | _permissions("funding", "view", "budgetrow")
)
READ_OUTCOMES = _permissions("outcomes", "view", "exit", "cohort", "outcomereport", *EXIT_REFERENCE)
WRITE_EXITS = READ_OUTCOMES | _permissions("outcomes", "add change", "exit", "cohort")

ROLE_PERMISSIONS: dict[Role, set[str]] = {
    Role.SOCIAL_WORKER: WRITE_IDENTITY
    # Health and justice: social workers only.
    | _permissions("beneficiaries", "view add change", "protectedsituation", "confidentialnote")
    | _permissions("beneficiaries", "view add change delete", *SUPPORT)
    | READ_WORKSITES
    | _permissions("worksites", "add change", "assignment")
    | READ_GROUND
    | WRITE_TRAININGS
    | WRITE_PARTNERS
    | _permissions("partners", "delete", "contact", "service", "partnername")
    | _permissions("partners", "view add change", *REFERRALS)
    | WRITE_EXITS,
    Role.INSTRUCTOR: READ_IDENTITY
    | _permissions("worksites", "view", "worksite", "assignment")
    | WRITE_GROUND
    | READ_PARTNERS,
    Role.SUPERVISOR: READ_IDENTITY
    | _permissions("beneficiaries", "view", "entrysituation", *SUPPORT)
    | WRITE_WORKSITES
    | STEER_GROUND
    | READ_PARTNERS
    | _permissions("partners", "view", *REFERRALS)
    | WRITE_FUNDING
    | WRITE_EXITS
    | {"outcomes.freeze_cohort", "auditlog.view_logentry"},
    Role.ADMINISTRATOR: WRITE_IDENTITY
    | _permissions("beneficiaries", "delete", *IDENTITY, "entrysituation")
    | WRITE_WORKSITES
    | _permissions("worksites", "delete", "worksite", "assignment", "financialannex")
    | _permissions("worksites", "add change delete", "aidrate")
    | STEER_GROUND
    | _permissions("worksites", "delete", *JOBS, *EQUIPMENT)
    | _permissions("trainings", "delete", "programme", "enrolment")
    | WRITE_PARTNERS
    | _permissions("partners", "add change delete", *DIRECTORY)
    | WRITE_FUNDING
    | _permissions("funding", "delete", *GRANTS, *MONEY)
    | _permissions("funding", "add change delete", "budgetrow")
    | WRITE_EXITS
    | _permissions("outcomes", "delete", "exit", "cohort")
    | _permissions("outcomes", "add change delete", *EXIT_REFERENCE)
    | _permissions("confluences", "view add change delete", "user", "administration", "administrationname")
    | _permissions("confluences", "view add change", "structure")
    | {"confluences.use_admin", "auth.view_group", "auditlog.view_logentry"},
}


def synchronise_roles(**kwargs) -> None:
    """Gives each role's group exactly its permissions. Runs after each migration."""
    by_name = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, names in ROLE_PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=role.label)
        group.permissions.set(by_name[name] for name in names if name in by_name)


def grant(user: User, role: Role) -> None:
    """Gives somebody a role."""
    user.groups.add(Group.objects.get(name=role.label))
