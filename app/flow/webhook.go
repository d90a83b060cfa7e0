package flow

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/flow/content"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/app/value"
)

// Delivery is an HTTP request to a webhook's address.
type Delivery struct {
	// Tenant is the id or the slug of an organization, Path what its node says.
	Tenant string
	Path   string
	Method string
	Header http.Header
	// Test tells that it came to the test address, where a draft may listen.
	Test bool
	// Address is the network address of the caller.
	Address string
	// Query is what stands behind the question mark.
	Query string
	Body  []byte
	// Most is how many bytes a body may have, also one that came packed.
	Most int
}

// answerAtOnce is the moment of the answer that waits for nothing but the record.
const answerAtOnce node.WebhookAnswer = "at_once"

// longestAnswer is how long a caller waits for the end of an execution before it is told the execution's id instead.
const longestAnswer = 50 * time.Second

// called is the webhook that an address leads to.
type called struct {
	hook    hook
	program *program
	unit    *unit
	webhook *node.Webhook
	// test is what makes it a call of the draft, nil for the published workflow.
	test *testCall
}

// Receive starts the workflow whose webhook has the path. Nothing is acknowledged that a crash could lose: the answer
// comes after the commit of what it stands for. The headers of the answer stand on a refusal too.
func (e *Engine) Receive(ctx context.Context, d Delivery) (Answer, error) {
	d.Path = strings.TrimSuffix(d.Path, "/")
	to, err := e.calledAt(d)
	if err != nil {
		return Answer{}, err
	}
	answer, err := e.receive(ctx, d, to)
	if err == nil && to.program.settings.AsInN8n {
		answer = answerAsInN8n(to.webhook, answer)
	}
	if err == nil {
		answer, err = given(to.webhook, answer)
	}
	answer.Header, answer.Code = to.webhook.Shared(d.Header.Get("Origin")), to.webhook.Status
	if err == nil && to.webhook.Respond != "by_node" {
		err = to.webhook.SetHeaders(answer.Header)
	}
	return answer, err
}

// Preflight tells a browser whether a page may call a webhook.
func (e *Engine) Preflight(d Delivery) (http.Header, error) {
	to, err := e.calledAt(d)
	if err != nil {
		return nil, err
	}
	return to.webhook.Preflight(d.Header), nil
}

func (e *Engine) calledAt(d Delivery) (called, error) {
	var to called
	var err error
	if !d.Test {
		to.hook, err = e.hookAt(d.Tenant, d.Path)
	} else if to.test, err = e.tests.at(e, d); err == nil {
		to.hook = to.test.hook
	}
	if err != nil {
		return called{}, err
	}
	if to.program, to.unit, err = e.behind(to.hook); err != nil {
		return called{}, err
	}
	var ok bool
	if to.webhook, ok = node.WebhookOf(to.unit.compiled); !ok {
		return called{}, errNoHook
	}
	return to, nil
}

// behind gives the trigger that an address leads to.
func (e *Engine) behind(h hook) (*program, *unit, error) {
	if err := e.closed(h.TenantID, h.WorkflowID); err != nil {
		return nil, nil, err
	}
	p, err := e.program(h.TenantID, h.WorkflowID, h.Version)
	if err != nil {
		return nil, nil, err
	}
	unit, err := p.trigger(h.NodeID, "")
	return p, unit, err
}

var errNoHook = fault.New(fault.NotFound, "No enabled workflow listens at this address.")

func (e *Engine) receive(ctx context.Context, d Delivery, to called) (Answer, error) {
	h, webhook := to.hook, to.webhook
	if err := webhook.AdmitAddress(d.Address); err != nil {
		return Answer{}, err
	}
	secret := func(name string) (string, error) { return e.secret(h.TenantID, name) }
	admitted, err := webhook.Admit(e.kernel.Now().Go(), d.Method, d.Header, d.Body, secret)
	if err != nil {
		return Answer{}, err
	}
	dedupe := admitted.Delivery
	if to.test != nil {
		dedupe = "" // the same call may be tried again
	}
	if dedupe != "" {
		dedupe = h.WorkflowID + " " + dedupe
		if before, err := e.findDelivery(e.session(h.TenantID, "", ""), dedupe); err == nil {
			return Answer{Status: before.Status, ExecutionID: before.ID}, nil
		} else if !fault.Is(err, fault.NotFound) {
			return Answer{}, err
		}
	}
	if err := e.mayCall(h); err != nil {
		return Answer{}, err
	}
	item, err := e.itemOf(d, webhook, admitted, to.program.settings.AsInN8n)
	if err == nil && to.program.settings.AsInN8n {
		item.JSON, err = e.withXML(ctx, h.TenantID, content.TypeOf(d.Header.Get("Content-Type")), item.JSON)
	}
	if err != nil {
		return Answer{}, err
	}
	start := Start{Trigger: "webhook", NodeID: to.unit.ID, Input: []value.Item{item}, Dedupe: dedupe}
	if to.test != nil {
		if !e.tests.claim(to.test) {
			return Answer{}, errNoTest
		}
		start.ActorID = to.test.actor
	}
	r, err := e.newRun(to.program, start)
	if err != nil {
		return Answer{}, err
	}
	if webhook.Respond == answerAtOnce {
		if err := e.begin(r, func() error { return r.flush(nil) }); err != nil {
			return e.repeated(h.TenantID, dedupe, err)
		}
		return Answer{Status: Queued, ExecutionID: r.row.ID}, nil
	}
	caller := e.expect(r.row.ID)
	defer e.forgetCaller(r.row.ID)
	if err := e.begin(r, nil); err != nil {
		return Answer{}, err
	}
	answer := e.await(ctx, r, caller)
	if answer.err != nil {
		return e.repeated(h.TenantID, dedupe, answer.err)
	}
	return answer, nil
}

// hookAt finds what listens at an address.
func (e *Engine) hookAt(organization, path string) (hook, error) {
	tenant, err := e.organization(organization)
	if err != nil {
		return hook{}, err
	}
	return resource.Cached(e.session(tenant, "", ""), "hook "+path, []string{hooks.Name}, func(s *resource.Session) (hook, error) {
		found, err := resource.Select[hook](s, "SELECT * FROM {hook} WHERE form = ? AND path = ?", false, path)
		if err != nil {
			return hook{}, err
		}
		if len(found) > 0 {
			return found[0], nil
		}
		if found, err = resource.Select[hook](s, "SELECT * FROM {hook} WHERE form = ? AND path LIKE ?", false, "%"+node.AnyPart+"%"); err != nil {
			return hook{}, err
		}
		addresses := make([]string, len(found))
		for i, h := range found {
			addresses[i] = h.Path
		}
		best, ok := node.BestAddress(addresses, path)
		if !ok {
			return hook{}, errNoHook
		}
		return found[slices.Index(addresses, best)], nil
	})
}

// organization finds the id of an organization by its id, or by its slug: as long as it is the organization's, and for the time that
// it rests when it is given up.
func (e *Engine) organization(name string) (string, error) {
	id, err := resource.Cached(e.system(), "organization "+name, []string{"tenant"}, func(s *resource.Session) (string, error) {
		return resource.SelectOne[string](s, "SELECT id FROM {tenant} WHERE id = ? OR slug = ?", name, name)
	})
	if err == nil {
		return id, nil
	}
	system := e.system()
	resting, err := resource.Select[string](system, "SELECT organization FROM {former_slug} WHERE slug = ? AND until > ?", name, system.Now)
	if err == nil && len(resting) == 0 {
		err = errNoHook
	}
	if err != nil {
		return "", err
	}
	return resting[0], nil
}

// mayCall refuses a call of a webhook, or of an organization, that was called too often. It comes after the signature, so that no
// stranger uses up what its owner may send.
func (e *Engine) mayCall(h hook) error {
	now := e.kernel.Now().Go()
	left := e.hookCalls.Take(fmt.Sprint(h.TenantID, h.Form, h.Path), now)
	if left.Allowed { // a call that its own webhook refuses costs the others nothing
		left = e.tenantCalls.Take(h.TenantID, now)
	}
	if left.Allowed {
		return nil
	}
	return &fault.Error{Code: fault.RateLimited, RetryAfter: left.Next,
		Message: fmt.Sprintf("More than %d calls came within a minute. Call again later.", left.Limit)}
}

// repeated answers a delivery that another one overtook with the execution of that one.
func (e *Engine) repeated(tenant, dedupe string, err error) (Answer, error) {
	if dedupe == "" || !fault.Is(err, fault.Conflict) {
		return Answer{}, err
	}
	before, err := e.findDelivery(e.session(tenant, "", ""), dedupe)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Status: before.Status, ExecutionID: before.ID}, nil
}

// itemOf is what the trigger puts out: the call without what proves the right to make it.
func (e *Engine) itemOf(d Delivery, webhook *node.Webhook, admitted node.Admission, asInN8n bool) (value.Item, error) {
	proof := ""
	if webhook.Auth == "header" {
		proof = cmp.Or(webhook.Header, "X-Api-Key")
	}
	call, err := d.call(proof)
	if err != nil && asInN8n {
		return value.Item{}, fault.New(fault.Invalid, "%s", fault.Public(err).Message)
	}
	if err != nil {
		return value.Item{}, err
	}
	call = append(call, value.Member{Key: "params", Value: webhook.Parameters(d.Path)}, value.Member{Key: "path", Value: value.String(d.Path)})
	if !admitted.Claims.IsMissing() {
		call = append(call, value.Member{Key: "token", Value: admitted.Claims})
	}
	if asInN8n {
		return value.Item{JSON: e.itemAsInN8n(d, webhook, call)}, nil
	}
	return value.Item{JSON: value.Object(call...)}, nil
}

// call is what a call brought, without the headers that prove the right to make it.
func (d Delivery) call(proof string) ([]value.Member, error) {
	plain, err := content.Unpack(d.Header.Get("Content-Encoding"), d.Body, d.Most)
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The body can't be read: %v.", err)
	}
	body, err := content.Read(content.TypeOf(d.Header.Get("Content-Type")), plain)
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The body can't be read: %v.", err)
	}
	headers := map[string][]string{}
	for name, values := range d.Header {
		if name != "Authorization" && name != "Cookie" && !strings.EqualFold(name, proof) {
			headers[strings.ToLower(name)] = values
		}
	}
	return []value.Member{{Key: "body", Value: body}, {Key: "headers", Value: members(headers)},
		{Key: "query", Value: content.Pairs(d.Query)}, {Key: "method", Value: value.String(d.Method)}}, nil
}

// members makes an object of named values, sorted; a name with one value has that, with several a list.
func members(named map[string][]string) value.Value {
	list := make([]value.Member, 0, len(named))
	for _, name := range slices.Sorted(maps.Keys(named)) {
		values := named[name]
		if len(values) == 1 {
			list = append(list, value.Member{Key: name, Value: value.String(values[0])})
			continue
		}
		all := make([]value.Value, len(values))
		for i, v := range values {
			all[i] = value.String(v)
		}
		list = append(list, value.Member{Key: name, Value: value.List(all...)})
	}
	return value.Object(list...)
}
