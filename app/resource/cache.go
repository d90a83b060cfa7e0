package resource

import (
	"hash/fnv"
	"sync"
	"sync/atomic"
)

// What many requests read and few change (dropdown values, templates) is remembered until a row of its kinds changes. A
// write counts up the marks of the kinds that it touched after its commit and before it is acknowledged, so that whoever
// was told of a change finds it everywhere.

// marks bounds the memory: two kinds that share one are forgotten together.
const (
	marks         = 1024
	mostRemembers = 10_000
)

type cache struct {
	marks [marks]atomic.Uint64

	mu      sync.Mutex
	entries map[string]remembered
}

type remembered struct {
	state uint64
	value any
}

// mark is where the changes of a kind in a tenant are counted; those of an instance's kind have no tenant.
func mark(kind, tenant string) int {
	h := fnv.New32a()
	h.Write([]byte(kind + " " + tenant))
	return int(h.Sum32() % marks)
}

// Cached gives what load reads of the session's tenant, and remembers it under the name until a row of one of the kinds
// changes. What load returns is shared and must not be changed.
func Cached[V any](s *Session, name string, kinds []string, load func(s *Session) (V, error)) (V, error) {
	if s.tx != nil {
		return load(s) // a transaction sees what it wrote itself
	}
	c := &s.kernel.cache
	state := uint64(0)
	for _, kind := range kinds {
		state += c.marks[mark(kind, s.Tenant())].Load() + c.marks[mark(kind, "")].Load()
	}
	key := name + " " + s.Tenant()
	c.mu.Lock()
	known, ok := c.entries[key]
	c.mu.Unlock()
	if ok && known.state == state {
		return known.value.(V), nil
	}
	value, err := load(s)
	if err != nil {
		return value, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil || len(c.entries) >= mostRemembers {
		c.entries = map[string]remembered{}
	}
	c.entries[key] = remembered{state, value}
	return value, nil
}

// touch notes that the write changes a row of a kind.
func (s *Session) touch(spec *Spec) {
	tenant := s.Tenant()
	if spec.Instance {
		tenant = ""
	}
	*s.touched = append(*s.touched, mark(spec.Name, tenant))
}

func (k *Kernel) forget(touched []int) {
	for _, i := range touched {
		k.cache.marks[i].Add(1)
	}
}
