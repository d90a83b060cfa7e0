package flow

import (
	"encoding/json"
	"math"
	"strings"

	"zygo/app/field"
	"zygo/app/operation"
	"zygo/app/resource"
	"zygo/app/value"
)

// Searching looks through the data of executions, the newest first.
type Searching struct {
	Text       string `z:"required,max=200,help=What the data holds, in capital or small letters."`
	WorkflowID string `z:"max=64,help=Of one workflow alone."`
	operation.Part
}

// Hit is an execution with the first of its nodes that gave what was looked for.
type Hit struct {
	N          int64  `json:"-"`
	ID         string `json:"id"`
	WorkflowID string `json:"workflow_id"`
	// WorkflowName is empty for a workflow that is deleted, or that the person may not read.
	WorkflowName string     `json:"workflow_name"`
	Status       Status     `json:"status"`
	NodeID       string     `json:"node_id"`
	CreatedAt    field.Time `json:"created_at"`
	// Excerpt is the JSON around the place.
	Excerpt string `json:"excerpt"`
}

const (
	// searchedAtOnce executions are read by one query, and mostSearched by one request, as long as their data is not over
	// mostSearchedBytes: the data is not indexed, because that would cost every execution more than a search costs.
	searchedAtOnce    = 1_000
	mostSearched      = 5_000
	mostSearchedBytes = 256 << 20
	// excerptBefore and excerptAfter are the letters around what was found, in bytes.
	excerptBefore, excerptAfter = 60, 120
)

// Search finds executions by what they were given and what their nodes gave. It stops after a while, and then Next of the answer says
// where it goes on, whether it found something or not. Long texts that stand outside the database are not looked at.
func Search(s *resource.Session, in *Searching) (operation.Rows[Hit], error) {
	found, err := search(s, in)
	if err != nil {
		return found, err
	}
	ids := make([]string, len(found.Rows))
	for i, hit := range found.Rows {
		ids[i] = hit.WorkflowID
	}
	names, err := s.TitlesOf(Workflows.Name, ids)
	for i := range found.Rows {
		found.Rows[i].WorkflowName = names[ids[i]]
	}
	return found, err
}

func search(s *resource.Session, in *Searching) (operation.Rows[Hit], error) {
	before, limit, err := in.Bounds()
	found := operation.Rows[Hit]{Limit: limit}
	if err != nil {
		return found, err
	}
	kind, _ := s.Kernel().Kind(Executions.Name)
	encoded := value.AppendString(nil, lowered(in.Text))
	text := string(encoded[1 : len(encoded)-1])
	for seen, read := 0, int64(0); seen < mostSearched && read < mostSearchedBytes; seen += searchedAtOnce {
		some, err := newest(s, in.WorkflowID, before)
		if err != nil || len(some) == 0 {
			return found, err
		}
		numbers := []int64{}
		for _, row := range some {
			if s.MayOn(kind.Spec(), resource.Get, row.ID, row.WorkspaceID) { // somebody may read some of the executions alone
				numbers = append(numbers, row.N)
				read += row.Size
			}
		}
		hits, err := hitsAmong(s, numbers, text, limit-len(found.Rows))
		if err != nil {
			return found, err
		}
		found.Rows = append(found.Rows, hits...)
		if len(found.Rows) == limit {
			found.Next = hits[len(hits)-1].N
			return found, nil
		}
		before = some[len(some)-1].N
	}
	found.Next = before
	return found, nil
}

// lowered has the letters A to Z small, as the database compares.
func lowered(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r - 'A' + 'a'
		}
		return r
	}, text)
}

// newest are the next executions to look through, of one workflow or, without an id, of all.
func newest(s *resource.Session, workflow string, before int64) ([]Execution, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	if workflow == "" {
		return resource.Select[Execution](s, "SELECT n, id, workspace_id, size FROM {execution} WHERE n < ? ORDER BY n DESC LIMIT ?",
			before, searchedAtOnce)
	}
	return resource.Select[Execution](s, `SELECT n, id, workspace_id, size FROM {execution} WHERE workflow_id = ? AND n < ?
		ORDER BY n DESC LIMIT ?`, workflow, before, searchedAtOnce)
}

// hitsAmong are those of some executions of which the input or a node gave the text, each with the first such node.
func hitsAmong(s *resource.Session, numbers []int64, text string, limit int) ([]Hit, error) {
	list, err := json.Marshal(numbers)
	if err != nil {
		return nil, err
	}
	return resource.Select[Hit](s, `SELECT n, id, workflow_id, status, created_at, node_id,
			substr(data, CASE WHEN text_position(lower(data), ?) > ? THEN text_position(lower(data), ?) - ? ELSE 1 END, ?) AS excerpt
		FROM (SELECT e.n, e.id, e.workflow_id, e.status, e.created_at,
				CASE WHEN text_position(lower(e.input), ?) > 0 THEN e.trigger_node ELSE s.node END AS node_id,
				CASE WHEN text_position(lower(e.input), ?) > 0 THEN e.input ELSE s.outputs END AS data
			FROM {execution} e LEFT JOIN {step} s ON s.execution = e.n
				AND s.seq = (SELECT min(seq) FROM {step} WHERE execution = e.n AND text_position(lower(outputs), ?) > 0)
			WHERE e.n IN (SELECT value FROM list_values(?))) AS looked
		WHERE data IS NOT NULL AND text_position(lower(data), ?) > 0 ORDER BY n DESC LIMIT ?`,
		text, excerptBefore, text, excerptBefore, len(text)+excerptBefore+excerptAfter, text, text, text, string(list), text, limit)
}
