package flow

import (
	"sync"

	"zygo/app/flow/fair"
)

// dispatcher gives the workers to the tenants in turn and leaves some free, so that the flood of one does not delay another,
// even where each of its executions takes long.
type dispatcher struct {
	mu       sync.Mutex
	free     int
	stopped  bool
	byTenant map[string]*tenantQueue
	// turn lists the tenants that have something queued; the first is served next.
	turn []*tenantQueue
	// running counts by what a limit holds for, a workflow or a part of its executions; present counts those that wait with them.
	// Waiting and held count by tenant those that wait and those that have a worker.
	running, present, waiting, held map[string]int
}

// tenantQueue has a list for each priority.
type tenantQueue struct {
	tenant string
	jobs   [3][]*job
	count  int
}

// job is one execution that wants a worker.
type job struct {
	tenant string
	// group is what the limit holds for: a workflow, or its executions with one key. Limit is how many of the group run at once, 0 for
	// no limit of its own.
	group string
	limit int
	// rank is the place of the priority, 0 for the highest.
	rank int
	// refuse asks to be turned away rather than to wait.
	refuse bool
	// admitted tells that the job is counted.
	admitted bool
	// start runs the execution elsewhere and calls done at its end.
	start func(done func())
}

// longestQueue bounds the memory that one tenant's waiting executions take.
const longestQueue = 10_000

func newDispatcher(workers int) *dispatcher {
	return &dispatcher{
		free:     workers,
		byTenant: map[string]*tenantQueue{},
		running:  map[string]int{},
		present:  map[string]int{},
		waiting:  map[string]int{},
		held:     map[string]int{},
	}
}

// admit counts a job in, or tells that there is no room. An admitted job is put or withdrawn: between the two its execution
// can be stored, and what is stored is turned away no more.
func (d *dispatcher) admit(j *job) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if j.refuse && j.limit > 0 && d.present[j.group] >= j.limit || d.waiting[j.tenant] >= longestQueue {
		return false
	}
	d.count(j)
	return true
}

// startsAtOnce tells whether a job that is put now need not wait.
func (d *dispatcher) startsAtOnce(j *job) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.stopped && d.byTenant[j.tenant] == nil && fair.MayTake(d.held[j.tenant], d.free) && (j.limit == 0 ||
		d.running[j.group] < j.limit)
}

func (d *dispatcher) count(j *job) {
	j.admitted = true
	d.present[j.group]++
	d.waiting[j.tenant]++
}

// withdraw takes back what was admitted and is not put.
func (d *dispatcher) withdraw(j *job) {
	d.mu.Lock()
	defer d.mu.Unlock()
	lower(d.present, j.group)
	lower(d.waiting, j.tenant)
}

func lower(counts map[string]int, key string) {
	if counts[key]--; counts[key] == 0 {
		delete(counts, key)
	}
}

// put queues a job. One that was not admitted, because it was stored long ago, is counted now.
func (d *dispatcher) put(j *job) {
	d.mu.Lock()
	if !j.admitted {
		d.count(j)
	}
	q := d.byTenant[j.tenant]
	if q == nil {
		q = &tenantQueue{tenant: j.tenant}
		d.byTenant[j.tenant] = q
		d.turn = append(d.turn, q)
	}
	q.jobs[j.rank] = append(q.jobs[j.rank], j)
	q.count++
	ready := d.take()
	d.mu.Unlock()
	d.begin(ready)
}

// stop gives out no more jobs; what is queued stays on disk.
func (d *dispatcher) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stopped = true
}

func (d *dispatcher) begin(jobs []*job) {
	for _, j := range jobs {
		j.start(func() { d.done(j) })
	}
}

func (d *dispatcher) done(j *job) {
	d.mu.Lock()
	d.free++
	lower(d.held, j.tenant)
	lower(d.running, j.group)
	lower(d.present, j.group)
	ready := d.take()
	d.mu.Unlock()
	d.begin(ready)
}

// take removes the jobs that may start now: one of each tenant in turn.
func (d *dispatcher) take() (ready []*job) {
	for passed := 0; d.free > 0 && !d.stopped && passed < len(d.turn); {
		q := d.turn[0]
		d.turn = append(d.turn[1:], q)
		var j *job
		if fair.MayTake(d.held[q.tenant], d.free) {
			j = d.first(q)
		}
		if j == nil {
			passed++
			continue
		}
		passed = 0
		d.free--
		d.held[q.tenant]++
		d.running[j.group]++
		lower(d.waiting, j.tenant)
		ready = append(ready, j)
		if q.count == 0 {
			delete(d.byTenant, q.tenant)
			d.turn = d.turn[:len(d.turn)-1]
		}
	}
	return ready
}

// first removes the first job of the highest priority whose group is below its limit.
func (d *dispatcher) first(q *tenantQueue) *job {
	for rank, jobs := range q.jobs {
		for i, j := range jobs {
			if j.limit == 0 || d.running[j.group] < j.limit {
				q.jobs[rank] = append(jobs[:i], jobs[i+1:]...)
				q.count--
				return j
			}
		}
	}
	return nil
}
