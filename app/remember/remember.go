// Package remember keeps what many requests read and few change (dropdown values, templates, rights, who a token belongs to)
// until a row that it was read from changes.
package remember

import (
	"sync"
	"sync/atomic"
)

const (
	// marks bounds the counters: what shares one is forgotten together.
	marks = 1 << 14
	// most bounds a generation of values. There are two, so that what is in use survives when others fill the memory.
	most = 5_000
)

// Memory remembers values by name. A write counts up the marks of what it touched after its commit and before it is
// acknowledged, so that anybody who was told of a change finds it everywhere. The zero Memory is ready.
type Memory struct {
	// changes counts the calls of Forget. It rises before the marks do: Found relies on that.
	changes atomic.Uint64
	marks   [marks]atomic.Uint64

	mu            sync.Mutex
	recent, older map[string]entry
}

type entry struct {
	watched []Mark
	state   uint64
	value   any
}

// Mark is where changes of rows are counted.
type Mark int

// anySubject is the subject of the mark that each change of a kind counts up.
const anySubject = "*"

func mark(kind, subject string) Mark {
	hash := uint32(2166136261) // FNV-1a, without memory of its own
	for _, text := range [2]string{kind, subject} {
		for i := range len(text) {
			hash = (hash ^ uint32(text[i])) * 16777619
		}
		hash = (hash ^ ' ') * 16777619
	}
	return Mark(hash % marks)
}

// Touch gives the marks that a change counts up: of a row about one subject, such as a tenant or a person. An empty subject is an
// unknown one, and what is remembered of every subject is forgotten.
func Touch(kind, subject string) []Mark {
	return []Mark{mark(kind, subject), mark(kind, anySubject)}
}

// Watch gives the marks of the rows about one subject, or of all rows of the kind where the subject is empty.
func Watch(kind, subject string) []Mark {
	if subject == "" {
		return []Mark{mark(kind, anySubject)}
	}
	return []Mark{mark(kind, subject), mark(kind, "")}
}

// Forget counts a change of each mark.
func (m *Memory) Forget(touched []Mark) {
	m.changes.Add(1)
	for _, i := range touched {
		m.marks[i].Add(1)
	}
}

// Value gives what load reads, and remembers it under the name until a watched mark changes. What load returns is shared and must
// not be changed.
func Value[V any](m *Memory, name string, watched func() []Mark, load func() (V, error)) (V, error) {
	if known, ok := m.find(name); ok {
		return known.(V), nil
	}
	e := entry{watched: watched()}
	e.state = m.state(e.watched)
	value, err := load()
	if err == nil {
		e.value = value
		m.keep(name, e)
	}
	return value, err
}

// Found is Value where only the rows that load reads say what to watch. It remembers nothing when load watches nothing, or when
// anything changed while it read.
func Found[V any](m *Memory, name string, load func() (V, []Mark, error)) (V, error) {
	if known, ok := m.find(name); ok {
		return known.(V), nil
	}
	before := m.changes.Load()
	value, watched, err := load()
	if err != nil || watched == nil {
		return value, err
	}
	e := entry{watched, m.state(watched), value}
	if m.changes.Load() == before {
		m.keep(name, e)
	}
	return value, nil
}

func (m *Memory) state(watched []Mark) (sum uint64) {
	for _, i := range watched {
		sum += m.marks[i].Load()
	}
	return sum
}

// find gives a remembered value that nothing changed since.
func (m *Memory) find(name string) (any, bool) {
	m.mu.Lock()
	e, ok := m.recent[name]
	if !ok {
		if e, ok = m.older[name]; ok {
			m.add(name, e)
		}
	}
	m.mu.Unlock()
	return e.value, ok && e.state == m.state(e.watched)
}

func (m *Memory) keep(name string, e entry) {
	m.mu.Lock()
	m.add(name, e)
	m.mu.Unlock()
}

func (m *Memory) add(name string, e entry) {
	if m.recent == nil || len(m.recent) >= most {
		m.recent, m.older = map[string]entry{}, m.recent
	}
	m.recent[name] = e
}
