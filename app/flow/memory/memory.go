// Package memory counts what executions hold at a moment, so that none of them takes the memory of its organization, and no
// organization that of the instance. A Meter stands within another: what a step takes, its execution, its organization and
// the instance take too. What is counted is the size that value.Value.Size tells, not what the allocator knows.
package memory

import (
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
)

// Meter counts bytes up to a limit, for itself and for the meter that it stands within. A nil Meter counts nothing. It may be
// used by several goroutines.
type Meter struct {
	within  *Meter
	limit   int64
	refusal error
	used    atomic.Int64
}

// New makes an outermost meter, which answers with refusal what is over its limit.
func New(limit int64, refusal error) *Meter { return &Meter{limit: limit, refusal: refusal} }

// Part makes a meter within m. Reset it when what it counted is let go of.
func (m *Meter) Part(limit int64, refusal error) *Meter {
	return &Meter{within: m, limit: limit, refusal: refusal}
}

// Take counts bytes that are about to be held, or that just came to be. Where a meter has no room for them, none counts them
// and the answer is the refusal of the innermost one.
func (m *Meter) Take(bytes int) error {
	if m == nil {
		return nil
	}
	if m.used.Add(int64(bytes)) > m.limit {
		m.used.Add(-int64(bytes))
		return m.refusal
	}
	if err := m.within.Take(bytes); err != nil {
		m.used.Add(-int64(bytes))
		return err
	}
	return nil
}

// Keep makes m count so many bytes, because what it counted before is let go of or turned into them. It refuses nothing.
func (m *Meter) Keep(bytes int) {
	if m == nil {
		return
	}
	more := int64(bytes) - m.used.Swap(int64(bytes))
	for outer := m.within; outer != nil; outer = outer.within {
		outer.used.Add(more)
	}
}

// Reset lets go of all that m counted.
func (m *Meter) Reset() { m.Keep(0) }

// Used is what m counts at this moment.
func (m *Meter) Used() int64 { return m.used.Load() }

// usualTotal is what there is where nobody can tell how much the machine has.
const usualTotal = 1 << 30

// Available is how many bytes the process may take: GOMEMLIMIT where it is set, else the limit of its control group, else the
// machine's memory.
func Available() int64 {
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64 {
		return limit
	}
	machine := int64(usualTotal)
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		if fields := strings.Fields(string(text)); len(fields) > 1 {
			if kib, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
				machine = kib << 10
			}
		}
	}
	if text, err := os.ReadFile("/sys/fs/cgroup/memory.max"); err == nil {
		if group, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil {
			machine = min(machine, group)
		}
	}
	return machine
}
