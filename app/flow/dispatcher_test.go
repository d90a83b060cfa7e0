package flow

import (
	"fmt"
	"slices"
	"testing"
)

// starter makes jobs that record their start and end when the test says so.
type starter struct {
	*dispatcher
	started []string
	ends    map[string]func()
}

func newStarter(workers int) *starter {
	return &starter{dispatcher: newDispatcher(workers), ends: map[string]func(){}}
}

func (s *starter) job(tenant, workflow, name string, limit int) *job {
	return &job{tenant: tenant, group: workflow, rank: 1, limit: limit, start: func(done func()) {
		s.started = append(s.started, name)
		s.ends[name] = done
	}}
}

func (s *starter) end(name string) {
	s.ends[name]()
	delete(s.ends, name)
}

func TestFloodOfOneTenantDelaysNoOther(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		tenant string
		most   int
	}{
		"another tenant":  {"b", 2},
		"the same tenant": {"a", 1000}, // the control: behind its own flood it waits its turn
	} {
		s := newStarter(2)
		for i := range 1000 {
			s.put(s.job("a", "flood", fmt.Sprint("a", i), 0))
		}
		s.put(s.job(test.tenant, "normal", "first", 0))
		ended := 0
		for !slices.Contains(s.started, "first") {
			s.end(s.started[ended])
			ended++
		}
		if ended > test.most || name == "the same tenant" && ended != 1000 {
			t.Errorf("%s: the first job starts after %d ends", name, ended)
		}
	}
}

// Executions that never end in one organization leave workers for the others.
func TestExecutionsThatHangDelayNoOtherTenant(t *testing.T) {
	t.Parallel()
	s := newStarter(64)
	for i := range 100 {
		s.put(s.job("a", "hangs", fmt.Sprint("a", i), 0))
	}
	if len(s.started) != 51 {
		t.Errorf("one tenant has %d of 64 workers", len(s.started))
	}
	for _, other := range []string{"b", "c", "d"} {
		s.put(s.job(other, "normal", other, 0))
		if !slices.Contains(s.started, other) {
			t.Errorf("%s has no worker", other)
		}
	}
}

func TestWorkflowHasNoMoreWorkersThanItsLimit(t *testing.T) {
	t.Parallel()
	s := newStarter(10)
	for i := range 5 {
		s.put(s.job("a", "narrow", fmt.Sprint("narrow", i), 2))
	}
	s.put(s.job("a", "wide", "wide", 0))
	if want := []string{"narrow0", "narrow1", "wide"}; !slices.Equal(s.started, want) {
		t.Errorf("started are %v, want %v", s.started, want)
	}
	s.end("narrow1")
	if want := "narrow2"; s.started[len(s.started)-1] != want || len(s.started) != 4 {
		t.Errorf("after an end started are %v", s.started)
	}
	for len(s.ends) > 0 {
		for name := range s.ends {
			s.end(name)
			break
		}
	}
	if len(s.started) != 6 || len(s.running)+len(s.present)+len(s.waiting)+len(s.byTenant)+len(s.turn) != 0 || s.free != 10 {
		t.Errorf("in the end %v started, and the dispatcher is %+v", s.started, s.dispatcher)
	}
}

func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	s := newStarter(1)
	s.put(s.job("a", "w", "running", 0))
	for i := range longestQueue {
		j := s.job("a", "w", fmt.Sprint(i), 0)
		if !s.admit(j) {
			t.Fatalf("job %d is refused", i)
		}
		s.put(j)
	}
	if s.admit(s.job("a", "other", "late", 0)) {
		t.Error("a job beyond the bound is admitted")
	}
	if !s.admit(s.job("b", "w", "b", 0)) {
		t.Error("the bound of one tenant holds for another")
	}
	s.end("running")
	late := s.job("a", "w", "late", 0)
	if !s.admit(late) {
		t.Error("a job is refused although there is room again")
	}
	s.withdraw(late)
	if !s.admit(late) {
		t.Error("a withdrawn job keeps its place")
	}
}

func TestStoppedDispatcherStartsNothing(t *testing.T) {
	t.Parallel()
	s := newStarter(1)
	s.put(s.job("a", "w", "running", 0))
	s.put(s.job("a", "w", "waiting", 0))
	s.stop()
	s.end("running")
	if len(s.started) != 1 {
		t.Errorf("started are %v", s.started)
	}
}

// What waits with a high priority is next, in the same organization alone.
func TestHighPrioritiesAreNext(t *testing.T) {
	t.Parallel()
	s := newStarter(1)
	s.put(s.job("a", "w", "running", 0))
	for rank, name := range []string{2: "low", 1: "normal", 0: "high"} {
		j := s.job("a", "w", name, 0)
		j.rank = rank
		s.put(j)
	}
	s.put(s.job("b", "w", "other", 0))
	for len(s.started) < 5 {
		s.end(s.started[len(s.started)-1])
	}
	if want := []string{"running", "high", "other", "normal", "low"}; !slices.Equal(s.started, want) {
		t.Errorf("the order is %v and not %v", s.started, want)
	}
}
