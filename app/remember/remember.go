// Package remember keeps what many requests read and few change (dropdown values, templates, rights) until a row of the kinds
// that it was read from changes.
package remember

import (
	"hash/fnv"
	"sync"
	"sync/atomic"
)

const (
	// marks bounds the memory: two kinds that share one are forgotten together.
	marks = 1024
	most  = 10_000
)

// Memory remembers values by name. A write counts up the marks of what it touched after its commit and before it is
// acknowledged, so that whoever was told of a change finds it everywhere. The zero Memory is ready.
type Memory struct {
	marks [marks]atomic.Uint64

	mu      sync.Mutex
	entries map[string]entry
}

type entry struct {
	state uint64
	value any
}

// Mark is where the changes of a kind in a tenant are counted; those of an instance's kind have no tenant.
func Mark(kind, tenant string) int {
	h := fnv.New32a()
	h.Write([]byte(kind + " " + tenant))
	return int(h.Sum32() % marks)
}

// Forget counts a change of each mark.
func (m *Memory) Forget(touched []int) {
	for _, i := range touched {
		m.marks[i].Add(1)
	}
}

// Value gives what load reads of a tenant, and remembers it under the name until a row of one of the kinds changes. What load
// returns is shared and must not be changed.
func Value[V any](m *Memory, name, tenant string, kinds []string, load func() (V, error)) (V, error) {
	state := uint64(0)
	for _, kind := range kinds {
		state += m.marks[Mark(kind, tenant)].Load() + m.marks[Mark(kind, "")].Load()
	}
	key := name + " " + tenant
	m.mu.Lock()
	known, ok := m.entries[key]
	m.mu.Unlock()
	if ok && known.state == state {
		return known.value.(V), nil
	}
	value, err := load()
	if err != nil {
		return value, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.entries == nil || len(m.entries) >= most {
		m.entries = map[string]entry{}
	}
	m.entries[key] = entry{state, value}
	return value, nil
}
