package flow

import (
	"encoding/json"
	"strconv"

	"zygo/app/flow/node"
	"zygo/app/resource"
)

// seen is what a node of a workflow remembers: that a value was there or, where Mark is highest, which number was the highest.
type seen struct {
	N          int64
	TenantID   string
	WorkflowID string
	// Node is empty for what all nodes of the workflow share.
	Node, Mark string
	// Step is the one that made it known, to which it stays new. Previous is what was the highest until then, empty for none.
	Step, Value, Previous string
}

var seenTable = newSeenTable()

func newSeenTable() *resource.Table {
	t := resource.NewTable[seen]("seen")
	t.Unique = [][]string{{"tenant_id", "workflow_id", "node", "mark"}}
	t.Indexes = []resource.Index{{Columns: []string{"workflow_id", "node"}}}
	return t
}

const (
	highest = "highest"
	// seenAtOnce values are made known in one write, and as many forgotten, because others wait for its end.
	seenAtOnce = 200
)

// seenBy is what a step sees of what its node remembers. While a draft is tried nothing is made known.
type seenBy struct {
	run  *run
	node string
	step string
}

func (b seenBy) row(shared bool) seen {
	row := seen{TenantID: b.run.row.TenantID, WorkflowID: string(b.run.row.WorkflowID), Node: b.node, Step: b.step}
	if shared {
		row.Node = ""
	}
	return row
}

func (b seenBy) write(change func(s *resource.Session) error) error {
	if b.run.program.version < 0 {
		return change(b.run.engine.session(b.run.row.TenantID, b.run.row.ID, ""))
	}
	return b.run.engine.session(b.run.row.TenantID, b.run.row.ID, "").Write(change)
}

// Values makes values known, some in each write. A process that dies in between finds its own again.
func (b seenBy) Values(values []string, shared bool, most int) (isNew []bool, first bool, err error) {
	of := b.row(shared)
	others, err := resource.SelectOne[int](b.run.engine.session(of.TenantID, "", ""),
		"SELECT count(*) FROM (SELECT 1 FROM {seen} WHERE workflow_id = ? AND node = ? AND step <> ? LIMIT 1) AS others", of.WorkflowID, of.Node, of.Step)
	if err != nil {
		return nil, false, err
	}
	isNew = make([]bool, 0, len(values))
	for rest := values; len(rest) > 0; {
		some := rest[:min(seenAtOnce, len(rest))]
		rest = rest[len(some):]
		var fresh []bool
		if err := b.write(func(s *resource.Session) (err error) {
			fresh, err = b.values(s, some, shared, most)
			return err
		}); err != nil {
			return nil, false, err
		}
		isNew = append(isNew, fresh...)
	}
	return isNew, others == 0, nil
}

func (b seenBy) values(s *resource.Session, values []string, shared bool, most int) ([]bool, error) {
	row := b.row(shared)
	list, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	found, err := resource.Select[seen](s, `SELECT mark, step FROM {seen} WHERE workflow_id = ? AND node = ?
		AND mark IN (SELECT value FROM list_values(?))`, row.WorkflowID, row.Node, string(list))
	if err != nil {
		return nil, err
	}
	by := map[string]string{}
	for _, known := range found {
		by[known.Mark] = known.Step
	}
	isNew := make([]bool, len(values))
	for i, v := range values {
		step, known := by[v]
		if isNew[i] = !known || step == b.step; known || b.run.program.version < 0 {
			continue
		}
		by[v] = b.step
		row.N, row.Mark = 0, v
		if err := s.Insert(seenTable, &row); err != nil {
			return nil, err
		}
	}
	if b.run.program.version < 0 {
		return isNew, nil
	}
	return isNew, forgetOldest(s, row, most)
}

// forgetOldest forgets the values of a node beyond the newest.
func forgetOldest(s *resource.Session, of seen, most int) error {
	old, err := resource.Select[int64](s, "SELECT n FROM {seen} WHERE workflow_id = ? AND node = ? AND mark <> ? ORDER BY n DESC LIMIT ? OFFSET ?",
		of.WorkflowID, of.Node, highest, seenAtOnce, most)
	for _, n := range old {
		if _, err := s.Erase(seenTable, resource.Pair{Column: "n", Value: n}); err != nil {
			return err
		}
	}
	return err
}

// Highest makes a number known if it is higher than all before.
func (b seenBy) Highest(number float64, shared bool) (before float64, known bool, err error) {
	row := b.row(shared)
	row.Mark, row.Value = highest, strconv.FormatFloat(number, 'g', -1, 64)
	err = b.write(func(s *resource.Session) error {
		before, known = 0, false
		found, err := resource.Select[seen](s, "SELECT n, step, value, previous FROM {seen} WHERE workflow_id = ? AND node = ? AND mark = ?",
			row.WorkflowID, row.Node, highest)
		if err != nil {
			return err
		}
		last := ""
		if len(found) > 0 {
			last = found[0].Value
			if found[0].Step == b.step {
				last = found[0].Previous
			}
		}
		if known = last != ""; known {
			if before, err = strconv.ParseFloat(last, 64); err != nil {
				return err
			}
		}
		switch {
		case b.run.program.version < 0 || known && number <= before:
			return nil
		case len(found) == 0:
			return s.Insert(seenTable, &row)
		}
		_, err = s.Change(seenTable, []resource.Pair{{Column: "value", Value: row.Value}, {Column: "previous", Value: last},
			{Column: "step", Value: row.Step}}, []resource.Pair{{Column: "n", Value: found[0].N}})
		return err
	})
	return before, known, err
}

// forgetSeen forgets what nodes of workflows remember that are gone.
func forgetSeen(system *resource.Session) error {
	type gone struct{ TenantID, WorkflowID string }
	all, err := resource.Select[gone](system, `SELECT DISTINCT tenant_id, workflow_id FROM {seen} s
		WHERE NOT EXISTS (SELECT 1 FROM {workflow+trash} w WHERE w.id = s.workflow_id) LIMIT ?`, lookedAtOnce)
	if err != nil {
		return err
	}
	for _, g := range all {
		if err := system.In(g.TenantID).Write(func(s *resource.Session) error {
			_, err := s.Erase(seenTable, resource.Pair{Column: "workflow_id", Value: g.WorkflowID})
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

var _ node.Seen = seenBy{}
