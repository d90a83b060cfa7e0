package flow

import "sync"

// dispatcher gives the workers to the tenants in turn, so that the flood of one does not delay another.
type dispatcher struct {
	mu       sync.Mutex
	free     int
	stopped  bool
	byTenant map[string]*tenantQueue
	// turn lists the tenants that have something queued; the first is served next.
	turn []*tenantQueue
	// running counts by workflow, for the workflows' own limits.
	running map[string]int
}

type tenantQueue struct {
	tenant string
	jobs   []*job
}

// job is one execution that wants a worker.
type job struct {
	tenant, workflow string
	// limit is how many of the workflow run at once, 0 for no limit of its own.
	limit int
	// start runs the execution elsewhere and calls done at its end.
	start func(done func())
}

// longestQueue bounds the memory that one tenant's waiting executions take.
const longestQueue = 10_000

func newDispatcher(workers int) *dispatcher {
	return &dispatcher{free: workers, byTenant: map[string]*tenantQueue{}, running: map[string]int{}}
}

// put queues a job, or tells that there is no room.
func (d *dispatcher) put(j *job) bool {
	d.mu.Lock()
	q := d.byTenant[j.tenant]
	if q == nil {
		q = &tenantQueue{tenant: j.tenant}
		d.byTenant[j.tenant] = q
		d.turn = append(d.turn, q)
	}
	if len(q.jobs) >= longestQueue {
		d.mu.Unlock()
		return false
	}
	q.jobs = append(q.jobs, j)
	ready := d.take()
	d.mu.Unlock()
	d.begin(ready)
	return true
}

// isFull tells whether one more of the workflow would find no room: the tenant's queue is full, or the workflow rather
// refuses than queues and runs as often as it may.
func (d *dispatcher) isFull(tenant, workflow string, settings Settings) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if q := d.byTenant[tenant]; q != nil && len(q.jobs) >= longestQueue {
		return true
	}
	return settings.OnBusy == "refuse" && settings.Concurrency > 0 && d.running[workflow] >= settings.Concurrency
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
	if d.running[j.workflow]--; d.running[j.workflow] == 0 {
		delete(d.running, j.workflow)
	}
	ready := d.take()
	d.mu.Unlock()
	d.begin(ready)
}

// take removes the jobs that may start now: one of each tenant in turn.
func (d *dispatcher) take() (ready []*job) {
	for passed := 0; d.free > 0 && !d.stopped && passed < len(d.turn); {
		q := d.turn[0]
		d.turn = append(d.turn[1:], q)
		j := d.first(q)
		if j == nil {
			passed++
			continue
		}
		passed = 0
		d.free--
		d.running[j.workflow]++
		ready = append(ready, j)
		if len(q.jobs) == 0 {
			delete(d.byTenant, q.tenant)
			d.turn = d.turn[:len(d.turn)-1]
		}
	}
	return ready
}

// first removes the first job whose workflow is below its limit.
func (d *dispatcher) first(q *tenantQueue) *job {
	for i, j := range q.jobs {
		if j.limit == 0 || d.running[j.workflow] < j.limit {
			q.jobs = append(q.jobs[:i], q.jobs[i+1:]...)
			return j
		}
	}
	return nil
}
