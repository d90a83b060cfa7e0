package operation

import (
	"strconv"

	"zygo/app/fault"
	"zygo/app/resource"
)

// usualRows is how many rows a part has where nobody says.
const usualRows = 20

// Part asks for a part of a list that is read by key, newest first. An input embeds it.
type Part struct {
	Limit  int    `z:"help=How many rows; 20 where it is left out, 100 at most."`
	Cursor string `z:"help=The next_cursor of the part before."`
}

// Bounds are the key before which the part begins, 0 for the newest, and how many rows it has.
func (p Part) Bounds() (before int64, limit int, err error) {
	if p.Cursor != "" {
		if before, err = strconv.ParseInt(p.Cursor, 10, 64); err != nil {
			return 0, 0, fault.New(fault.BadRequest, "The cursor is not one of this list. Start again without it.")
		}
	}
	if limit = p.Limit; limit <= 0 {
		limit = usualRows
	}
	return before, min(limit, resource.MostRows), nil
}

// Rows are a part of a list. Next is the key where it goes on, 0 at the end.
type Rows[T any] struct {
	Rows  []T
	Limit int
	Next  int64
}

// Envelope gives the rows and what the envelope says of them.
func (r Rows[T]) Envelope() (rows any, metadata map[string]any) {
	metadata = map[string]any{"limit": r.Limit}
	if r.Next > 0 {
		metadata["next_cursor"] = strconv.FormatInt(r.Next, 10)
	}
	return append([]T{}, r.Rows...), metadata
}
