package flow

import (
	"slices"
	"sync"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/resource"
)

// A draft listens for one call of its webhooks at an address for tests. Nothing of that is stored: it is over within two minutes, or
// with the process.

// testLife is how long a draft listens.
const testLife = 2 * time.Minute

// mostTests is how many webhooks of an organization listen at a time.
const mostTests = 20

// TestHooksPath is where drafts listen, each behind its organization.
const TestHooksPath = "/hooks-test/"

var errNoTest = fault.New(fault.NotFound,
	"No draft listens at this address. Choose Listen for a test call on the page of the workflow, and call within two minutes.")

// testCall is a webhook of a draft that listens.
type testCall struct {
	hook  hook
	actor string
	until field.Time
}

type testCalls struct {
	mu   sync.Mutex
	open []*testCall
}

// TestAddress is where a draft listens.
type TestAddress struct {
	NodeID string     `json:"node_id"`
	Path   string     `json:"path"` // behind the address of the instance
	Until  field.Time `json:"until"`
}

// Listen makes the webhooks of a workflow's draft take one call. Anyone who may try the draft may do so.
func (e *Engine) Listen(s *resource.Session, workflow string) ([]TestAddress, error) {
	w, err := Workflows.Get(s, workflow)
	if err != nil {
		return nil, err
	}
	if err := Workflows.RequireOn(s, "execute", w); err != nil {
		return nil, err
	}
	version, err := testVersion(s, w, "")
	if err != nil {
		return nil, err
	}
	p, err := e.program(w.TenantID, w.ID, version)
	if err != nil {
		return nil, err
	}
	var calls []*testCall
	for _, u := range p.order {
		if webhook, ok := node.WebhookOf(u.compiled); ok && !u.Disabled {
			calls = append(calls, &testCall{
				hook:  hook{TenantID: w.TenantID, Path: webhook.Address(), WorkflowID: w.ID, Version: version, NodeID: u.ID},
				actor: s.Actor.Person(),
				until: e.kernel.Now().Add(testLife),
			})
		}
	}
	if len(calls) == 0 {
		return nil, fault.New(fault.Conflict, "The draft has no webhook. Add the trigger Webhook first.")
	}
	if !e.tests.add(calls, e.kernel.Now()) {
		return nil, fault.New(fault.RateLimited, "Other drafts of the organization listen already. Try again in two minutes.")
	}
	return e.Listening(s, workflow)
}

// Listening is where a workflow's draft listens at this moment.
func (e *Engine) Listening(s *resource.Session, workflow string) ([]TestAddress, error) {
	if _, err := Workflows.Get(s, workflow); err != nil {
		return nil, err
	}
	all := []TestAddress{}
	e.tests.mu.Lock()
	defer e.tests.mu.Unlock()
	for _, c := range e.tests.open {
		if c.hook.WorkflowID == workflow && c.hook.TenantID == s.Tenant() && c.until > e.kernel.Now() {
			all = append(all, TestAddress{c.hook.NodeID, TestHooksPath + c.hook.TenantID + "/" + c.hook.Path, c.until})
		}
	}
	return all, nil
}

// add opens addresses in place of those that they had, and of those that are over. It tells whether there is room.
func (t *testCalls) add(calls []*testCall, now field.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	kept := slices.DeleteFunc(slices.Clone(t.open), func(c *testCall) bool {
		return c.until <= now || c.hook.WorkflowID == calls[0].hook.WorkflowID || slices.ContainsFunc(calls, func(other *testCall) bool {
			return c.hook.TenantID == other.hook.TenantID && c.hook.Path == other.hook.Path
		})
	})
	count := len(calls)
	for _, c := range kept {
		if c.hook.TenantID == calls[0].hook.TenantID {
			count++
		}
	}
	if count > mostTests {
		return false
	}
	t.open = append(kept, calls...)
	return true
}

// at finds the draft that listens at the address of a call.
func (t *testCalls) at(e *Engine, d Delivery) (*testCall, error) {
	t.mu.Lock()
	open := slices.Clone(t.open)
	t.mu.Unlock()
	if len(open) == 0 {
		return nil, errNoTest
	}
	tenant, err := e.organization(d.Tenant)
	if fault.Is(err, fault.NotFound) {
		err = errNoTest
	}
	if err != nil {
		return nil, err
	}
	now := e.kernel.Now()
	open = slices.DeleteFunc(open, func(c *testCall) bool { return c.hook.TenantID != tenant || c.until <= now })
	addresses := make([]string, len(open))
	for i, c := range open {
		addresses[i] = c.hook.Path
	}
	best, ok := node.BestAddress(addresses, d.Path)
	if !ok {
		return nil, errNoTest
	}
	return open[slices.Index(addresses, best)], nil
}

// claim takes the one call of a draft, and tells whether nobody else did.
func (t *testCalls) claim(c *testCall) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := len(t.open)
	t.open = slices.DeleteFunc(t.open, func(other *testCall) bool { return other == c })
	return len(t.open) < before
}
