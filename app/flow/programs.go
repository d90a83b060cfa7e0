package flow

import "sync"

// programs keeps compiled versions. A version never changes, so nothing has to be thrown out but for room.
type programs struct {
	mu    sync.RWMutex
	byKey map[programKey]*program
}

type programKey struct {
	workflow string
	version  int
}

const mostPrograms = 2000

func newPrograms() *programs { return &programs{byKey: map[programKey]*program{}} }

func (c *programs) get(key programKey) (*program, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	p, ok := c.byKey[key]
	return p, ok
}

func (c *programs) put(key programKey, p *program) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.byKey) >= mostPrograms {
		for other := range c.byKey {
			delete(c.byKey, other)
			break
		}
	}
	c.byKey[key] = p
}
