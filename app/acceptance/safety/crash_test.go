package safety

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
	"zygo/store"
)

// The crash test kills the built binary at random moments under load, and then holds what it finds on the disk against
// what it was told. TEST_KILLS says how often, TEST_EXECUTIONS how many it accepts at least, and TEST_SEED repeats a run.

const crashWorkers = 16

// promised is what the instance acknowledged, as its callers wrote it down.
type promised struct {
	mu         sync.Mutex
	assets     []string
	executions map[string]string // the delivery or the caller's number by the execution's id
	wrong      []string          // answers that no crash explains
	failed     []string          // executions of which an answer says that they failed
}

func (p *promised) add(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// arrival is a call at the recording peer.
type arrival struct {
	key, delivery string
	at            time.Time
}

// outcome is what is on the disk in the end, and what the peer saw.
type outcome struct {
	assets     map[string]int
	statuses   map[string]string
	deliveries map[string]int       // executions by delivery
	finished   map[string]time.Time // when a recorded call ended, by its idempotency key
	arrivals   []arrival
}

// atLeast tells whether so many assets and so many executions are promised.
func (p *promised) atLeast(assets, executions int) (is bool) {
	p.add(func() { is = len(p.assets) >= assets && len(p.executions) >= executions })
	return is
}

// broken lists the promises that were not kept. Kills bounds how many calls may have been repeated.
func (p *promised) broken(o outcome, kills int) (broken []string) {
	say := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	broken = append(broken, p.wrong...)
	for _, name := range p.assets {
		if o.assets[name] != 1 {
			say("the acknowledged asset %s is there %d times", name, o.assets[name])
		}
	}
	for id, delivery := range p.executions {
		if o.statuses[id] == "" {
			say("the accepted execution %s of %s is lost", id, delivery)
		}
	}
	for _, id := range p.failed {
		if o.statuses[id] != "quarantined" {
			say("an answer says that the execution %s failed, and it is %s", id, o.statuses[id])
		}
	}
	for id, status := range o.statuses {
		if status != "succeeded" && status != "quarantined" {
			say("the execution %s is %s", id, status)
		}
	}
	for delivery, count := range o.deliveries {
		if count != 1 {
			say("the delivery %s has %d executions", delivery, count)
		}
	}
	calls, effects := map[string]int{}, map[string]map[string]bool{}
	for _, a := range o.arrivals {
		calls[a.key]++
		if effects[a.delivery] == nil {
			effects[a.delivery] = map[string]bool{}
		}
		effects[a.delivery][a.key] = true
		if end, ok := o.finished[a.key]; ok && a.at.After(end) {
			say("the call %s came %s after its result was recorded", a.key, a.at.Sub(end))
		}
	}
	for key := range o.finished {
		if calls[key] == 0 {
			say("the recorded call %s never came", key)
		}
	}
	for delivery, keys := range effects {
		if len(keys) != 1 {
			say("the delivery %s had %d effects", delivery, len(keys))
		}
	}
	if repeats := len(o.arrivals) - len(calls); repeats > kills*crashWorkers {
		say("%d calls were repeated; %d kills explain %d", repeats, kills, kills*crashWorkers)
	}
	return broken
}

// crash is one run: an instance, its peer and its callers.
type crash struct {
	*instance.Instance
	random   *rand.Rand
	editor   *instance.Client
	peer     *counterpart.Peer
	manual   string
	promised promised
	mu       sync.Mutex
	arrivals []arrival
	// up is held for writing while the instance is down, so that callers wait for it.
	up   sync.RWMutex
	stop chan struct{}
}

func newCrash(t *testing.T, seed uint64) *crash {
	c := &crash{random: rand.New(rand.NewPCG(seed, 0)), stop: make(chan struct{}), promised: promised{executions: map[string]string{}}}
	c.peer = counterpart.NewPeer(t)
	c.peer.Before = func(seen counterpart.Call) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.arrivals = append(c.arrivals, arrival{seen.Key, strings.TrimPrefix(seen.Path, "/effect/"), time.Now()})
	}
	c.Instance = instance.StartBinary(t, c.peer.Allow(), "engine.workers="+strconv.Itoa(crashWorkers), "log.level=error")
	c.editor = c.As("editor@acme")
	effect := func(delivery string) map[string]any {
		return instance.Node("effect", "http", map[string]any{"method": "POST", "url": c.peer.URL + "/effect/" + delivery})
	}
	mark := instance.Node("mark", "set", map[string]any{
		"assignments": []any{map[string]any{"name": "marked", "type": "boolean", "value": "true"}}})
	wait := instance.Node("wait", "delay", map[string]any{"amount": 0.02, "unit": "seconds"})
	hook := func(path, respond string) map[string]any {
		return instance.Node("hook", "trigger.webhook", map[string]any{"path": path, "respond": respond, "dedupe": "X-Delivery"})
	}
	c.editor.Publish("At once", []any{hook("crash/at-once", "at_once"), wait, effect("{{ $('hook').item.json.body.id }}"), mark},
		instance.Chain("hook", "wait", "effect", "mark"))
	long, ids := []any{hook("crash/at-end", "at_end"), mark}, []string{"hook", "mark"}
	for n := range 10 {
		ids = append(ids, fmt.Sprint("pure", n))
		long = append(long, instance.Node(ids[len(ids)-1], "set", nil))
	}
	long = append(long, effect("{{ $('hook').item.json.body.id }}"), instance.Node("last", "set", nil))
	c.editor.Publish("At the end", long, instance.Chain(append(ids, "effect", "last")...))
	c.manual = c.editor.Publish("By hand", []any{instance.Node("start", "trigger.manual", nil), effect("{{ $('start').item.json.id }}"),
		wait, mark}, instance.Chain("start", "effect", "wait", "mark"))
	return c
}

// load lets a caller repeat one request until the run stops. Once gives whether the request was answered; where it was
// not, the same one is sent again once the instance is back.
func (c *crash) load(wait *sync.WaitGroup, name string, once func(id string) bool) {
	wait.Go(func() {
		for seq := 0; ; seq++ {
			for {
				select {
				case <-c.stop:
					return
				default:
				}
				c.up.RLock()
				//lint:ignore SA2001 only the wait matters: the request itself must be open to the kill
				c.up.RUnlock()
				if once(fmt.Sprintf("%s-%d", name, seq)) {
					break
				}
			}
		}
	})
}

func (c *crash) createAsset(id string) bool {
	r, err := c.editor.Try("POST", "assets", map[string]any{"name": id})
	switch {
	case err != nil:
		return false
	case r.Status == http.StatusCreated, r.Status == http.StatusConflict: // an attempt before it was stored and not answered
		c.promised.add(func() { c.promised.assets = append(c.promised.assets, id) })
	default:
		c.promised.add(func() {
			c.promised.wrong = append(c.promised.wrong, fmt.Sprintf("the asset %s answers %d %s", id, r.Status, r.Body))
		})
	}
	return true
}

func (c *crash) deliver(path string) func(id string) bool {
	return func(id string) bool {
		r, err := (&instance.Client{Instance: c.Instance}).Try("POST", "/hooks/acme/crash/"+path, map[string]any{"id": id}, "X-Delivery",
			id)
		return err == nil && c.accepted(id, r)
	}
}

func (c *crash) executeByHand(id string) bool {
	r, err := c.editor.Try("POST", "workflows/"+c.manual+"/execute", map[string]any{"input": map[string]any{"id": id}})
	if err != nil {
		return true // nothing names the attempt, so a second one would be a second execution
	}
	return c.accepted(id, r)
}

func (c *crash) accepted(id string, r instance.Reply) bool {
	execution, failed := r.Header.Get("Zygo-Execution"), ""
	if execution == "" {
		var envelope struct {
			Data  struct{ ID string }
			Error struct {
				Details struct {
					ExecutionID string `json:"execution_id"`
				}
			}
		}
		_ = json.Unmarshal(r.Body, &envelope)
		execution, failed = envelope.Data.ID, envelope.Error.Details.ExecutionID
	}
	c.promised.add(func() {
		if r.Status == 500 && failed != "" { // a delivery that is repeated after two deaths is told what became of it
			c.promised.failed = append(c.promised.failed, failed)
			return
		}
		if execution == "" || r.Status != 200 && r.Status != 202 {
			c.promised.wrong = append(c.promised.wrong, fmt.Sprintf("the start of %s answers %d %s", id, r.Status, r.Body))
			return
		}
		c.promised.executions[execution] = id
	})
	return true
}

// settle waits for the end of all executions.
func (c *crash) settle() {
	for _, status := range []string{"running", "queued", "waiting", "running"} {
		for {
			var open []instance.Execution
			c.editor.Must(c.editor.Call("GET", "executions?filter[status]="+status, nil), 200, &open)
			if len(open) == 0 {
				break
			}
			for _, e := range open {
				c.editor.Finished(e.ID)
			}
		}
	}
}

// read reads the outcome from the database of the stopped instance.
func (c *crash) read() outcome {
	c.T.Helper()
	o := outcome{assets: map[string]int{}, statuses: map[string]string{}, deliveries: map[string]int{}, finished: map[string]time.Time{},
		arrivals: c.arrivals}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(c.Dir, store.FileName)+"?mode=ro")
	if err != nil {
		c.T.Fatal(err)
	}
	defer db.Close()
	each := func(query string, row func(a, b string, n int64)) {
		rows, err := db.Query(query)
		if err != nil {
			c.T.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var a, b string
			var n int64
			if err := rows.Scan(&a, &b, &n); err != nil {
				c.T.Fatal(err)
			}
			row(a, b, n)
		}
		if err := rows.Err(); err != nil {
			c.T.Fatal(err)
		}
	}
	each("SELECT name, '', count(*) FROM t_asset GROUP BY name", func(name, _ string, n int64) { o.assets[name] = int(n) })
	// What ran when two processes died is held for a person, as promised; what ran at one death goes on.
	each("SELECT id, iif(error_code = 'QUARANTINED' AND interrupted >= 2, 'quarantined', status || iif(error_code = '', '', ': ' || error_code || ' at ' || error_node || ': ' || error_message)), n FROM t_execution",
		func(id, status string, _ int64) { o.statuses[id] = status })
	each("SELECT dedupe, '', count(*) FROM t_execution WHERE dedupe <> '' GROUP BY dedupe",
		func(delivery, _ string, n int64) { o.deliveries[delivery] = int(n) })
	each("SELECT e.id, s.node || ':' || s.seq || ':0', s.finished_at FROM t_step s JOIN t_execution e ON e.n = s.execution WHERE s.node = 'effect' AND s.status = 'succeeded'",
		func(id, step string, at int64) { o.finished[id+":"+step] = time.UnixMicro(at) })
	return o
}

func TestKillsLoseNothing(t *testing.T) {
	t.Parallel()
	kills := instance.Number(t, "TEST_KILLS", 8)
	ofEach := max(2, instance.Number(t, "TEST_EXECUTIONS", 0)/kills)
	c := newCrash(t, instance.Seed(t))
	var wait sync.WaitGroup
	for caller := range 3 {
		c.load(&wait, fmt.Sprint("asset", caller), c.createAsset)
	}
	for caller := range 2 {
		c.load(&wait, fmt.Sprint("once", caller), c.deliver("at-once"))
		c.load(&wait, fmt.Sprint("end", caller), c.deliver("at-end"))
	}
	c.load(&wait, "hand", c.executeByHand)
	var slowest time.Duration
	for killed := range kills {
		// A busy machine answers late: each life has to promise something before it ends.
		instance.Eventually(t, "promises to break", func() bool { return c.promised.atLeast(2*(killed+1), ofEach*(killed+1)) })
		alive := time.NewTimer(time.Duration(5+c.random.IntN(496)) * time.Millisecond)
		<-alive.C
		c.up.Lock()
		c.Kill()
		started := time.Now()
		c.Serve()
		slowest = max(slowest, time.Since(started))
		c.up.Unlock()
	}
	close(c.stop)
	wait.Wait()
	c.settle()
	if code := c.Instance.Stop(); code != 0 {
		t.Errorf("the last stop gives %d", code)
	}
	if out, failed, code := c.Command("doctor"); code != 0 {
		t.Errorf("doctor finds after the kills:\n%s%s", out, failed)
	}
	o := c.read()
	broken := c.promised.broken(o, kills)
	for _, b := range broken[:min(len(broken), 20)] {
		t.Error(b)
	}
	keys := map[string]bool{}
	for _, a := range o.arrivals {
		keys[a.key] = true
	}
	t.Logf("%d kills: %d acknowledged assets, %d accepted executions, %d calls, %d of them repeated, %d promises broken, slowest start %s",
		kills, len(c.promised.assets),
		len(c.promised.executions), len(o.arrivals), len(o.arrivals)-len(keys), len(broken), slowest)
	if len(c.promised.assets) < 2*kills || len(c.promised.executions) < ofEach*kills || len(o.finished) < kills {
		t.Error("the load was too small to show anything")
	}
	c.checkTheCheck(o, kills)
}

// checkTheCheck holds the same outcome against promises that nobody kept: each lie must be found.
func (c *crash) checkTheCheck(o outcome, kills int) {
	for name, lie := range map[string]func(p *promised, o *outcome){
		"a lost asset":     func(p *promised, _ *outcome) { p.assets = append(p.assets, "never stored") },
		"a doubled asset":  func(p *promised, o *outcome) { o.assets[p.assets[0]] = 2 },
		"a lost execution": func(p *promised, _ *outcome) { p.executions["never stored"] = "x" },
		"a stuck execution": func(_ *promised, o *outcome) {
			o.statuses[succeeded(o)] = "running"
		},
		"a late call": func(_ *promised, o *outcome) { o.arrivals[0].at = time.Now() },
		"a second effect": func(_ *promised, o *outcome) {
			o.arrivals = append(o.arrivals, arrival{"another key", o.arrivals[0].delivery, time.Time{}})
		},
	} {
		p := &promised{assets: slices.Clone(c.promised.assets), executions: maps.Clone(c.promised.executions)}
		changed := outcome{maps.Clone(o.assets), maps.Clone(o.statuses), maps.Clone(o.deliveries), o.finished, slices.Clone(o.arrivals)}
		before := len(p.broken(changed, kills))
		lie(p, &changed)
		if len(p.broken(changed, kills)) <= before {
			c.T.Errorf("the check does not find %s", name)
		}
	}
}

func succeeded(o *outcome) string {
	for id, status := range o.statuses {
		if status == "succeeded" {
			return id
		}
	}
	return ""
}
