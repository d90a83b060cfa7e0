package store

import (
	"context"
	"fmt"
)

const (
	// reclaimedAtOnce is how many pages one write gives back: others wait for its end.
	reclaimedAtOnce = 64
	// keptFree is how many free pages stay for the rows that come next.
	keptFree = 256
)

// Reclaim gives the disk back what deleted rows took, some pages in each write. The file is shorter after the next
// checkpoint. A file that an older Zygo made keeps its size, and uses its free pages again.
func (s *Store) Reclaim(ctx context.Context) error {
	for {
		given := int64(0)
		if err := s.Write(ctx, func(tx *Tx) (err error) {
			given, err = tx.reclaim()
			return err
		}); err != nil || given == 0 {
			return err
		}
	}
}

func (tx *Tx) reclaim() (int64, error) {
	free, err := tx.freePages()
	if err != nil || free <= keptFree {
		return 0, err
	}
	some := min(free-keptFree, reclaimedAtOnce)
	rows, err := tx.writer.conn.QueryContext(context.Background(), fmt.Sprintf("PRAGMA incremental_vacuum(%d)", some))
	if err != nil {
		return 0, translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		continue // each row is a page that was given back
	}
	if err := rows.Err(); err != nil {
		return 0, translate(err)
	}
	left, err := tx.freePages()
	return free - left, err
}

func (tx *Tx) freePages() (free int64, err error) {
	err = tx.writer.conn.QueryRowContext(context.Background(), "PRAGMA freelist_count").Scan(&free)
	return free, translate(err)
}
