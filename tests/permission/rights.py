"""Who may do what besides the issues: people and units, enterprises and lines, calendar, papers, the month; and which
of their rows are there for whom. Columns as in ``people``."""

from __future__ import annotations

from tests.permission.people import HEAD

STAFF = "sohcxvlmkCSDTA123qrtuyzjp"
WIDE = "kCSAquyj"  # who sees everything operational
EVERYBODY = HEAD[1:]  # who is signed in at all
MEETING = "sohcxvlmkCSAqrtuyzjp"  # for whom enterprises are part of the work
REPORTING = "ohcxCqruyzjp"  # who reports on plans and money of a unit at all
JUDGING = "CSquyj"

# Of a row that is somebody else's (who is in no post of one's own unit), or of the kind itself.
RIGHTS = f"""
# app      kind                  action               who
accounts   District              change_district      1
accounts   Unit                  view                 {STAFF}
accounts   Unit                  create_unit          1
accounts   Unit                  change_unit          1
accounts   Unit                  close_unit           1
accounts   User                  view                 {STAFF}
accounts   User                  view_contact         2
accounts   User                  create_user          2
accounts   User                  change_user          2
accounts   User                  change_profile       .
accounts   User                  set_password         2
accounts   User                  lock_user            2
accounts   User                  unlock_user          2
accounts   User                  lift_lockout         2
accounts   Post                  view                 {STAFF}
accounts   Post                  create_post          2
accounts   Post                  end_post             2
accounts   Post                  hand_over            2
accounts   ApiToken              view                 2
accounts   ApiToken              create_token         .
accounts   ApiToken              revoke_token         2
accounts   AuditEntry            view                 A3
projects   Enterprise            view                 {MEETING}
projects   Enterprise            view_contact         {MEETING}
projects   Enterprise            create_enterprise    Cquj
projects   Enterprise            change_enterprise    Cquj
projects   Enterprise            merge_enterprise     Cquj
projects   Enterprise            invite_enterprise    Csqtujp
projects   EnterpriseInvitation  view                 Cs2qtujp
projects   EnterpriseInvitation  confirm_invitation   C2quj
projects   EnterpriseInvitation  withdraw_invitation  Cquj
projects   Project               view                 {MEETING}
projects   Project               create_project       Cquj
projects   ProjectImport         view                 Cquj
projects   ProjectImport         check_import         Cquj
projects   ProjectImport         apply_import         Cquj
projects   ProjectImport         undo_import          Cquj
projects   Project               add_item             Cquj
projects   Project               plan_from_template   Cquj
projects   Project               plan_year            {REPORTING}
projects   Project               enter_months         {REPORTING}
projects   Project               add_promise          {REPORTING}
projects   Project               log_contact          sohcxvlmCqrtuyzjp
projects   Enterprise            log_contact          sohcxvlmCqrtuyzjp
projects   Project               lower_year           {JUDGING}
projects   PlanItem              watch_approvals      {WIDE}Dz
projects   PlanItem              start_item           {REPORTING}
projects   PlanItem              return_item          {REPORTING}
projects   PlanItem              finish_item          {REPORTING}
projects   PlanItem              refuse_item          {REPORTING}
projects   PlanItem              revise_item          {REPORTING}
projects   PlanItem              drop_item            {JUDGING}
projects   PlanItem              assign_item          {JUDGING}
projects   PlanItem              grant_revision       {JUDGING}
projects   PlanItem              deny_revision        {JUDGING}
projects   MonthFigure           view                 ohcxkCSTAqruyzjp
projects   MonthFigure           answer_months        T
projects   Promise               check_promise        {JUDGING}
projects   Promise               raise_promise        {JUDGING}
projects   Project               change_project       Cquj
projects   Project               describe_project     Cqujohcxrzyp
projects   Project               add_project_file     Cqujohcxrzyp
projects   Project               record_date          Cqujohcxrzyp
projects   Project               correct_date         {JUDGING}
projects   Project               name_manager         Cquj
projects   Project               end_manager          Cquj
projects   Project               name_member          Cquj
projects   Project               end_member           Cquj
projects   Project               move_projects        Cquj
projects   Project               advance              Cqujohcxrzyp
projects   Project               override_gate        {JUDGING}
projects   Project               terminate            Cquj
projects   Project               strike_off           Cquj
projects   Project               register_lead        Cqujohcxrzyp
projects   Project               record_first_talk    Cqujohcxrzyp
projects   Project               evaluate             Cquj
projects   Project               recommend_park       Cquj
projects   Project               answer_park          lvmktj
projects   Project               record_review        Cquj
projects   Project               record_decision      Cquj
projects   Project               issue_brief          Cquj
projects   Project               give_opinion         lmktj
projects   LibraryTarget         view                 {MEETING}
projects   LibraryTarget         set_target           Cquj
projects   Chain                 view                 {STAFF}
projects   Chain                 create_chain         Cquj
projects   Chain                 change_chain         Cquj
projects   Chain                 record_meeting       ohcxvlmCqrtuyzjp
projects   Chain                 add_target           ohcxvlmCqrtuyzjp
projects   Line                  view                 {STAFF}
projects   Line                  create_line          Cquj
projects   Line                  change_line          Cquj
projects   Line                  close_line           Cquj
deadlines  CalendarVersion       view                 {STAFF}
deadlines  CalendarVersion       propose_calendar     1
deadlines  CalendarVersion       what_if              1
deadlines  CalendarVersion       apply_calendar       1
deadlines  TimeRule              view                 {STAFF}
deadlines  TimeRule              replace_rule         1
"""
# What everybody may do with what is their own; whatever else the row allows, nobody may, not even as administrator.
OWN = """
User      view view_contact change_profile
Post      view
ApiToken  view create_token revoke_token
"""
# Who is known to whom: current posts inside the district, outsiders to the coordinator, who left to those who keep or
# audit accounts; the keys of a person to that person and to the security administrator.
PEOPLE = f"""
User      unit_head    {STAFF}
User      enterprise   eC23Aquj
User      left         23A
Post      unit_head    {STAFF}
Post      enterprise   eC23Aquj
Post      left         23A
ApiToken  unit_officer o2
"""
AUDIT = "A3"
# An invitation of one's own is confirmed by another; who made it may take it back. Here it is the specialist's.
OWN_INVITATION = {"confirm_invitation": "", "withdraw_invitation": "s"}

# A chain led by the leader of the line, with SWJ in its task force: by whom it is kept.
KEEPING = "lvCqujohyzp"

# The rows of the world: who sees which. Enterprises: one's own, those in
# one's care, and those of the cases that one works on and may know by name: SWJ and GDJ never 绿洲仪表. The firms below
# the first three stand each in one relation alone.
ENTERPRISES = f"""
firm_e        {WIDE}esvlrcohxzp
firm_f        {WIDE}ftx
firm_g        {WIDE}gslvt
liaison_m     {WIDE}m
liaison_unit  {WIDE}cr
town_city     {WIDE}x
town_line     {WIDE}lv
merged        {WIDE}e
"""
# Those alone that are met in a case.
MET = f"""
firm_e        {WIDE}rsvlcohxzpD
firm_f        {WIDE}tx
firm_g        {WIDE}lvts
"""
PROJECTS = f"""
managed       {WIDE}m
of_unit       {WIDE}x
of_firm       {WIDE}ft
of_firm_e     {WIDE}es
of_merged     {WIDE}e
led_by_unit   {WIDE}x
in_town       {WIDE}x
in_park       {WIDE}x
cadre         {WIDE}xm
served        {WIDE}s
former        {WIDE}
line_town     {WIDE}lv
line_park     {WIDE}lv
line_named    {WIDE}lv
work          {WIDE}ohlvzp
approved_by   {WIDE}cr
begun         {WIDE}s
asked         {WIDE}lv
"""
# What hangs on the one project besides the role: its responsible or lead unit, the leader who is asked about a park.
OWN_PROJECTS = """
describe_project   of_unit      Cqujx
describe_project   led_by_unit  Cqujx
add_project_file   of_unit      Cqujx
record_date        of_unit      Cqujx
advance            of_unit      Cqujx
record_first_talk  of_unit      Cqujx
advance            in_town      Cquj
answer_park        asked        lv
answer_park        of_unit      .
change_project     of_unit      Cquj
log_contact        work         ohpzlvCqujy
log_contact        approved_by  Cqujy
override_gate      of_unit      Cquj
override_gate      work         Cuj
correct_date       work         Cuj
"""
# Targets of the library: of CGJ.
TARGETS = f"""
target        {WIDE}x
"""
# What is done with the work on a project: by the unit that is responsible for it, judged by nobody of that unit.
WORK_ACTS = """
start_item      own      ohqyzpCuj
return_item     own      ohqyzpCuj
finish_item     own      ohqyzpCuj
refuse_item     own      ohqyzpCuj
revise_item     own      ohqyzpCuj
drop_item       own      Cuj
lower_year      work     Cuj
assign_item     own      Cuj
grant_revision  own      Cuj
deny_revision   own      Cuj
start_item      gdj      crCquj
grant_revision  gdj      Cquj
plan_year       work     ohqyzpCuj
enter_months    work     ohqyzpCuj
add_promise     work     ohqyzpCuj
check_promise   promise  CSuj
answer_months   figure   T
answer_months   typed    .
"""
# Figures of SWJ's project: for who sees it, and for statistics.
MONEY = f"{WIDE}ohlvzpT"
# Papers: for all staff but the three administrators; for SWJ.
PAPERS = f"""
paper_all     {STAFF.replace("123", "")}
paper_unit    {WIDE}ohzp
"""
PAPER_ACTS = f"""
list          paper_all   {STAFF.replace("123", "")}
view          paper_all   {STAFF.replace("123", "")}
download      paper_unit  {WIDE}ohzp
withdraw                paper_all   CSquyj
record_official_number  paper_all   CSquyj
withdraw                paper_unit  CSuj
record_official_number  paper_unit  CSuj
"""
# The month: the draft for the operational side, a unit's own row for itself; the published one for all staff.
RUNS = f"""
draft         {WIDE}ohcxrzp
published     {STAFF}
empty         {STAFF}
"""
RESULTS = f"""
draft SWJ      {WIDE}ohzp
draft CGJ      {WIDE}x
published SWJ  {STAFF}
"""
# By number alone: the title is a matter of the issue's own policy. A complaint's is there for those alone who may open
# it, so for no coordinator.
CASES = f"""
draft SWJ own           {WIDE}ohzp
draft CGJ foreign       {WIDE}x
draft CGJ complaint     kSAux
published SWJ own       {WIDE}ohsvlcrzp
published CGJ foreign   {WIDE}xt
published CGJ complaint kSAuxDvlr
"""
MONTH_ACTS = """
assess                 Cquj*
correct                Cquj
propose_publication    Cquj
retract                CSquyj
publish                CSuyj
contest                ohqyzp
view_contest           ohzpkCSAquyj*
rule_contest           CSuj
repair_card            CSuj
"""
# What is told to one person is read by that person alone; what failed to go out is sent again by the keeper.
NOTICES = f"""
view            Notice       {EVERYBODY}
mark_read       Notice       {EVERYBODY}
view            own          o
mark_read       own          o
set_preference  Preference   {EVERYBODY}
retry           Delivery     1*
"""


def table(text: str) -> dict[tuple[str, ...], frozenset[str]]:
    """Words of a line but the last → the columns named by the last one."""
    found = {}
    for line in text.strip().splitlines():
        if not line.startswith("#"):
            *words, who = line.split()
            found[tuple(words)] = frozenset(who) - {"."}
    return found
