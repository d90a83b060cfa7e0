package flow

import (
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/outbox"
	"zygo/app/resource"
	"zygo/app/value"
)

// Approval is a question of a workflow that waits for somebody's decision.
type Approval struct {
	resource.Row
	Title       string         `z:"required,max=200,list,search,readonly"`
	Message     field.Markdown `z:"max=10000,search,readonly"`
	State       ApprovalState  `z:"default=open,list,readonly"`
	WorkflowID  field.Ref      `z:"to=workflow,list,readonly,label=Workflow"`
	ExecutionID field.Ref      `z:"to=execution,inverse=Approvals,filter,readonly,label=Execution"`
	Step        int            `z:"internal"`
	Approvers   field.Refs     `z:"to=user,filter,readonly,help=Who is asked; everybody who may decide when empty."`
	DueAt       field.Time     `z:"list,readonly,label=Until"`
	Comment     string         `z:"max=2000,readonly"`
	DecidedBy   field.Ref      `z:"to=user,filter,readonly"`
	DecidedAt   field.Time     `z:"readonly"`
}

// ApprovalState is what became of a question.
type ApprovalState string

// The states of an approval.
const (
	OpenApproval ApprovalState = "open"
	Approved     ApprovalState = "approved"
	Rejected     ApprovalState = "rejected"
	Expired      ApprovalState = "expired"
	Withdrawn    ApprovalState = "withdrawn"
)

// Choices lists the states.
func (ApprovalState) Choices() []field.Choice {
	return []field.Choice{
		{Value: string(OpenApproval), Label: "Open", Tone: "amber"},
		{Value: string(Approved), Label: "Approved", Tone: "green"},
		{Value: string(Rejected), Label: "Rejected", Tone: "red"},
		{Value: string(Expired), Label: "Expired"},
		{Value: string(Withdrawn), Label: "Withdrawn"},
	}
}

// Approvals is the kind. Its rows are made by workflows; to decide goes on with the execution in the same write.
var Approvals = resource.Kind[Approval]{
	InPerson: true,
	Name:     "approval", Area: "Automation", Icon: "circle-check", State: "state",
	Verbs: []string{resource.List, resource.Get},
	Help:  "What workflows ask people, and wait for.",
	Indexes: []resource.Index{
		{Columns: []string{"state"}},
		{Columns: []string{"workflow_id"}},
		{Columns: []string{"decided_by"}},
		// The database looks for what refers to an execution that is pruned, among deleted rows too.
		{Columns: []string{"execution_id"}, Where: "execution_id IS NOT NULL"},
	},
	Actions: []resource.Action[Approval]{
		{Name: "approve", Icon: "check", When: (*Approval).isOpen, Ask: resource.Ask((*Approval).approve)},
		{Name: "reject", Icon: "x", When: (*Approval).isOpen, Ask: resource.Ask((*Approval).reject)},
	},
	Roles: map[string]resource.Role{"approve": resource.Editor, "reject": resource.Editor},
}

// Verdict is what is told with a decision.
type Verdict struct {
	Comment string `z:"max=2000,help=The workflow gets it with the decision."`
}

func (a *Approval) isOpen() bool { return a.State == OpenApproval }

func (a *Approval) approve(in *Verdict, s *resource.Session) error {
	return a.decide(s, Approved, in.Comment)
}

func (a *Approval) reject(in *Verdict, s *resource.Session) error {
	return a.decide(s, Rejected, in.Comment)
}

func (a *Approval) decide(s *resource.Session, as ApprovalState, comment string) error {
	if s.Actor.Kind == "execution" {
		return fault.New(fault.Forbidden, "A workflow can't decide what people are asked.")
	}
	if len(a.Approvers) > 0 && !slices.Contains(a.Approvers, s.Actor.ID) {
		return fault.New(fault.Forbidden, "This is asked of others. The list of approvers says of whom.")
	}
	a.State, a.Comment, a.DecidedAt = as, comment, s.Now
	if s.Actor.Kind == "user" {
		a.DecidedBy = field.Ref(s.Actor.ID)
	}
	text := func(key, text string) value.Member { return value.Member{Key: key, Value: value.String(text)} }
	return reply(s, string(a.ExecutionID), a.Step, 0, value.Object(
		text("decision", string(as)), text("comment", comment), text("at", s.Now.String()),
		value.Member{Key: "by", Value: value.Object(text("id", s.Actor.ID), text("name", s.Actor.Name))}).AppendJSON(nil))
}

// Decision is what a caller of the API decides.
type Decision struct {
	ID       string
	Decision Choice `z:"required"`
	Verdict
}

// Choice is yes or no.
type Choice string

// Choices are the two.
func (Choice) Choices() []field.Choice {
	return []field.Choice{{Value: "approve", Label: "Approve"}, {Value: "reject", Label: "Reject"}}
}

// decision is how an approval stands now.
type decision struct {
	ID    string        `json:"id"`
	State ApprovalState `json:"state"`
}

func decideApproval(s *resource.Session, in *Decision) (decision, error) {
	kind, _ := s.Kernel().Kind(Approvals.Name)
	decided, err := kind.Act(s, in.ID, string(in.Decision), 0, resource.Input{"comment": resource.Text(in.Comment)})
	if err != nil {
		return decision{}, err
	}
	return decision{in.ID, decided.(*Approval).State}, nil
}

// ask puts a question to people, within the write that parks the execution.
func (r *run) ask(s *resource.Session, seq int, d *node.Decision, people []approver, until field.Time) error {
	row, err := Approvals.Create(s, func(a *Approval) error {
		a.Title, a.Message, a.State, a.DueAt = d.Title, field.Markdown(d.Message), OpenApproval, until
		a.WorkflowID, a.ExecutionID, a.Step, a.WorkspaceID = r.row.WorkflowID, field.Ref(r.row.ID), seq, r.row.WorkspaceID
		for _, p := range people {
			a.Approvers = append(a.Approvers, p.ID)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.engine.tell(s.Across("approvers are told by mail, and the outbox is the instance's"), row, people)
}

// tell writes to those who are asked.
func (e *Engine) tell(s *resource.Session, row *Approval, people []approver) error {
	for _, p := range people {
		if err := e.outbox.Put(s, outbox.Letter{
			To:      p.Email,
			Subject: "Your decision: " + row.Title,
			Paragraphs: []string{"A workflow waits for your decision: " + row.Title, string(row.Message),
				"It waits until " + row.DueAt.Go().UTC().Format("2 January 2006, 15:04") + " UTC."},
			Action: "Decide",
			Link:   e.url + "/approvals/" + row.ID,
		}); err != nil {
			return err
		}
	}
	return nil
}

// approver is a member who is asked.
type approver struct{ ID, Email string }

// approvers are the active members with the addresses, all of whom may decide what is asked in the execution's workspace.
func (r *run) approvers(addresses []string) ([]approver, error) {
	s := r.engine.session(r.row.TenantID, "", "")
	var people []approver
	for _, address := range addresses {
		found, err := resource.Select[approver](s, `SELECT u.id, u.email FROM {membership} m JOIN {user} u ON u.id = m.user_id
			WHERE m.status = 'active' AND u.suspended_at IS NULL AND u.email = ?`, strings.ToLower(strings.TrimSpace(address)))
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, &node.Error{Code: "NO_APPROVER", Message: "No active member of the organization has the address " + address + "."}
		}
		p := found[0]
		if may, err := r.engine.mayOn(r.row.TenantID, p.ID, Approvals.Name, "approve", "", r.row.WorkspaceID); err != nil {
			return nil, err
		} else if !may {
			return nil, &node.Error{Code: "NO_APPROVER", Message: p.Email +
				" may not decide here: the role does not allow it, or the workspace is private."}
		}
		if !slices.Contains(people, p) {
			people = append(people, p)
		}
	}
	return people, nil
}

// endApprovals closes the questions of an execution that nobody has to answer any more.
func endApprovals(s *resource.Session, execution string, as ApprovalState) error {
	open, err := resource.Select[string](s, "SELECT id FROM {approval} WHERE execution_id = ? AND state = 'open'", execution)
	if err != nil || len(open) == 0 {
		return err
	}
	return s.Write(func(s *resource.Session) error {
		for _, id := range open {
			if _, err := Approvals.Update(s, id, 0, resource.Update, string(as), func(a *Approval) error {
				if a.State == OpenApproval { // nobody decided in this moment
					a.State = as
				}
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
}
