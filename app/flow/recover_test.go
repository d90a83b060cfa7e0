package flow

import (
	"sync"
	"sync/atomic"
	"testing"

	"zygo/app/fault"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
)

func TestRestartTakesUpAllThatIsQueued(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	p.queue.stop() // nothing starts here: what is accepted stays queued
	workflow := p.publish("{}", byHand+`{"id":"after","type":"set"}`, "start>after")
	const queued = 2*takenAtOnce + 100
	var left atomic.Int64
	left.Store(queued)
	var wait sync.WaitGroup
	for range 64 {
		wait.Go(func() {
			for left.Add(-1) >= 0 {
				if _, err := p.Execute(p.s, workflow, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	p.restart()
	rows := p.rows()
	if len(rows) != queued {
		t.Fatalf("%d are stored of %d", len(rows), queued)
	}
	for _, row := range rows {
		if status, err := p.Await(p.s, row.ID, kerneltest.Patience); err != nil || status != Succeeded {
			t.Fatalf("an execution is %s: %v", status, err)
		}
	}
}

// While the store is flooded, executions can't be stored. The ones that were accepted go on when it has room again, and
// nobody hears of one that was not.
func TestExecutionsOutliveAFloodedStore(t *testing.T) {
	t.Parallel()
	stub := newStub(t)
	p := newPlant(t, stub.allow())
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	call := stub.node("call", "x", "")
	accepted := p.run(p.publish("{}", byHand+call+`,{"id":"after","type":"set"}`, "start>call", "call>after"), "{}")
	p.publish("{}", `{"id":"hook","type":"trigger.webhook","config":{"path":"in","respond":"at_end"}},{"id":"mark","type":"set"}`,
		"hook>mark")
	first := stub.next(t)

	full, release := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		_ = p.s.Write(func(*resource.Session) error {
			close(full)
			<-release
			return nil
		})
	})
	<-full
	var refused atomic.Bool
	for !refused.Load() {
		// Each waits for the writer, which stands still, until the queue of writes has no room.
		ready := make(chan struct{})
		wait.Go(func() {
			close(ready)
			if err := p.s.Write(func(*resource.Session) error { return nil }); fault.Is(err, fault.Unavailable) {
				refused.Store(true)
			}
		})
		<-ready
	}
	if _, err := p.Receive(t.Context(), Delivery{Tenant: "acme", Path: "in", Method: "POST"}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a delivery that can't be stored gets %v", err)
	}
	first.answer <- 200
	p.until(accepted, "node.finished")
	p.clock.WaitLog("taken up again")
	close(release)
	wait.Wait()
	again := stub.next(t)
	if again.key != first.key {
		t.Errorf("the call is repeated with another key")
	}
	again.answer <- 200
	if v := p.end(accepted); v.Status != Succeeded {
		t.Errorf("the accepted execution is %s, %+v", v.Status, v.Error)
	}
	if rows := p.rows(); len(rows) != 1 {
		t.Errorf("%d executions are stored; the refused delivery must leave none", len(rows))
	}
}

func TestCancelInTheMomentOfParking(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	workflow := p.publish("{}", byHand+`{"id":"nap","type":"delay","config":{"amount":1,"unit":"hours"}}`, "start>nap")
	for range 50 {
		id := p.run(workflow, "{}")
		p.until(id, "execution.waiting") // which is told before the run lets go of the execution
		if err := p.Cancel(p.s, id); err != nil {
			t.Fatal(err)
		}
		if v := p.end(id); v.Status != Cancelled {
			t.Fatalf("a cancelled wait is %s", v.Status)
		}
	}
}

func TestUnreadableVersionIsGivenUp(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	p.queue.stop()
	id := p.run(p.publish("{}", `{"id":"start","type":"trigger.manual"}`), "{}")
	if err := p.s.Write(func(s *resource.Session) error {
		_, err := s.Change(Executions.Table(s), []resource.Pair{{Column: "workflow_version", Value: 99}}, []resource.Pair{
			{Column: "id", Value: id}})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	p.restart()
	if row := p.rows()[0]; row.Status != Failed || row.ErrorCode != "UNREADABLE" {
		t.Errorf("the execution is %s %s", row.Status, row.ErrorCode)
	}
}
