package flow

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"zygo/app/access"
	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/flow/sandbox"
	"zygo/app/identity"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/module"
	"zygo/app/outbox"
	"zygo/app/outgoing"
	"zygo/app/platform"
	"zygo/app/request"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
	"zygo/app/rights"
	"zygo/jobs"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == sandbox.Word {
		sandbox.Serve()
	}
	os.Exit(m.Run())
}

// plant is a kernel with an engine and an organization.
type plant struct {
	*Engine
	t     *testing.T
	s     *resource.Session
	clock *kerneltest.Kernel
	guard *outgoing.Guard
}

func newPlant(t *testing.T, allow ...string) *plant {
	t.Helper()
	kernel := kerneltest.New(t, outbox.Module, identity.Module, access.Module, platform.Module, module.Module{Module: request.Module}, Module)
	p := &plant{t: t, clock: kernel}
	var err error
	if p.guard, err = outgoing.NewGuard(allow); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.guard.Close)
	system := kernel.System()
	tenant, err := tenants.Kind.Create(system, func(o *tenants.Tenant) error {
		o.Name, o.Slug = "Acme", "acme"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := system.Write(func(s *resource.Session) error { return s.Found(tenant.ID) }); err != nil {
		t.Fatal(err)
	}
	ada, err := people.Users.Create(system, func(u *people.User) error {
		u.Name, u.Email = "Ada", "ada@acme.test"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := people.Memberships.Create(system.In(tenant.ID), func(m *people.Membership) error {
		m.UserID, m.Role = field.Ref(ada.ID), "owner"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	p.s = kernel.Member(context.Background(), resource.Actor{Kind: "user", ID: ada.ID, Name: "Ada"}, tenant.ID, rights.Of(rights.Owner),
		resource.Origin{})
	p.Engine = p.another(kernel.Kernel, 0)
	return p
}

// another makes an engine that has not started. One over a kernel that an engine uses already is a restart that the first
// one lived to see.
func (p *plant) another(kernel *resource.Kernel, workers int) *Engine {
	p.t.Helper()
	runner, err := jobs.NewRunner(kernel.Log())
	if err != nil {
		p.t.Fatal(err)
	}
	pool := sandbox.NewPool(1)
	e := NewEngine(kernel, runner, &node.Services{HTTP: p.guard, Sandbox: pool}, Options{
		Workers: workers,
		URL:     "https://zygo.test",
		Outbox:  outbox.New(kernel, nil, nil),
	})
	p.t.Cleanup(func() {
		e.Stop()
		e.Cut()
		ctx, cancel := context.WithTimeout(context.Background(), kerneltest.Patience)
		defer cancel()
		if err := runner.Stop(ctx); err != nil {
			p.t.Error(err)
		}
		pool.Close()
	})
	return e
}

// restart starts a second engine over the same data.
func (p *plant) restart() *Engine {
	p.t.Helper()
	e := p.another(p.kernel, 0)
	if err := e.Start(); err != nil {
		p.t.Fatal(err)
	}
	return e
}

// pass moves the clock on and lets the engine look at what is due.
func (p *plant) pass(d time.Duration) {
	p.clock.Advance(d)
	p.alarm.Set()
}

// publish makes a workflow of nodes, each an object in JSON, and of connections such as "a>b", "a.true>b" and "a>b.2".
func (p *plant) publish(settings, nodes string, connections ...string) string {
	p.t.Helper()
	var links []Connection
	for _, text := range connections {
		from, to, _ := strings.Cut(text, ">")
		from, output, found := strings.Cut(from, ".")
		if !found {
			output = "main"
		}
		to, input, _ := strings.Cut(to, ".")
		links = append(links, Connection{ID: text, FromNode: from, FromOutput: output, ToNode: to, ToInput: input})
	}
	encoded, err := json.Marshal(links)
	if err != nil {
		p.t.Fatal(err)
	}
	w, err := Import(p.s, &Portable{Name: p.t.Name(), Settings: field.JSON(settings), Nodes: field.JSON("[" + nodes + "]"),
		Connections: encoded})
	if err != nil {
		p.t.Fatalf("%v", err)
	}
	kind, _ := p.kernel.Kind("workflow")
	if _, err := kind.Act(p.s, w.ID, "publish", 0, nil); err != nil {
		p.t.Fatalf("%v", err)
	}
	return w.ID
}

const byHand = `{"id":"start","type":"trigger.manual"},`

// run starts a workflow by hand.
func (p *plant) run(workflow, input string) string {
	p.t.Helper()
	id, err := p.Execute(p.s, workflow, json.RawMessage(input))
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}

// end waits for the end of an execution and gives it.
func (p *plant) end(id string) *ExecutionView {
	p.t.Helper()
	if status, err := p.Await(p.s, id, kerneltest.Patience); err != nil || !status.Finished() {
		p.t.Fatalf("the execution is %s in time: %v", status, err)
	}
	return p.view(id)
}

func (p *plant) view(id string) *ExecutionView {
	p.t.Helper()
	v, err := p.View(p.s, id)
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

// until waits for an event of an execution.
func (p *plant) until(id, kind string) {
	p.t.Helper()
	late := time.After(kerneltest.Patience)
	for {
		events, more, err := p.Follow(p.s, id, 0)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, event := range events {
			if event.Type == kind {
				return
			}
		}
		if more == nil {
			p.t.Fatalf("the execution ended without %s", kind)
		}
		select {
		case <-more:
		case <-late:
			p.t.Fatalf("no %s in time: %+v", kind, p.rows())
		}
	}
}

// rows reads the executions by the order of their start.
func (p *plant) rows() []Execution {
	p.t.Helper()
	rows, err := resource.Select[Execution](p.s, "SELECT * FROM {execution} ORDER BY n")
	if err != nil {
		p.t.Fatal(err)
	}
	return rows
}

// stub is a service that a test answers by hand: each call waits in calls until its gate opens.
type stub struct {
	*httptest.Server
	calls chan stubCall
}

type stubCall struct {
	key, body string
	answer    chan int // the status to answer with
}

func newStub(t *testing.T) *stub {
	s := &stub{calls: make(chan stubCall, 2000)}
	gone := make(chan struct{})
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c := stubCall{r.Header.Get("Idempotency-Key"), string(body), make(chan int, 1)}
		s.calls <- c
		select {
		case status := <-c.answer:
			w.WriteHeader(status)
		case <-r.Context().Done():
		case <-gone:
		}
	}))
	t.Cleanup(func() {
		close(gone)
		s.Close()
	})
	return s
}

func (s *stub) allow() string { return strings.TrimPrefix(s.URL, "http://") }

// node is a node that posts a body to the stub.
func (s *stub) node(id, body string, more string) string {
	return `{"id":"` + id + `","type":"http","config":{"method":"POST","url":"` + s.URL + `","body_type":"raw","body":"` + body + `"}` +
		more + `}`
}

// next is the next call; no call for a long time fails the test.
func (s *stub) next(t *testing.T) stubCall {
	t.Helper()
	select {
	case c := <-s.calls:
		return c
	case <-time.After(kerneltest.Patience):
		t.Fatal("no call in time")
		return stubCall{}
	}
}
