package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"

	"zygo/app/fault"
	"zygo/embed"
)

// migrate brings the schema up to date. A database with content is backed up first; one from a newer Zygo is refused.
func (s *Store) migrate(ctx context.Context, db *sql.DB, files fs.FS) error {
	if files == nil {
		var err error
		if files, err = fs.Sub(embed.Migrations, "migrations/sqlite"); err != nil {
			return err
		}
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return damaged(filepath.Join(s.dir, FileName), err)
	}
	switch {
	case current > target:
		return fault.New(fault.Conflict,
			"The database has schema %d and this Zygo knows %d at most. Start the newer Zygo again, or restore the backup from before the upgrade.", current, target)
	case current == target:
		return nil
	case current > 0:
		path := filepath.Join(s.dir, "backups",
			fmt.Sprintf("before-schema-%d-%s%s", target, time.Now().UTC().Format("20060102T150405.000"), BackupSuffix))
		if err := CreateBackup(ctx, s.dir, path); err != nil {
			return fmt.Errorf("back up before the upgrade: %w", err)
		}
		s.log.Info("backed up before the upgrade", "file", path)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("upgrade the schema: %w", err)
	}
	return nil
}

// CreateTables makes the tables of the declarations instead of running migrations. It is for tests of declared tables.
func (s *Store) CreateTables(ctx context.Context) error {
	return s.Write(ctx, func(tx *Tx) error {
		for _, statement := range Schema(s.tables) {
			if _, err := tx.writer.conn.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
}

// Schema is the SQL of all tables, each after those that it refers to.
func Schema(tables map[string]*Table) []string {
	var all []string
	for _, t := range inOrder(tables) {
		all = append(all, t.Schema()...)
	}
	for _, t := range ownTables() {
		if tables[t.Name] == nil {
			all = append(all, t.Schema()...)
		}
	}
	return append(all, searchSchema, vocabSchema)
}

// inOrder lists tables, each after those that it refers to. What is read from others is none.
func inOrder(tables map[string]*Table) []*Table {
	var all []*Table
	done := map[string]bool{}
	var add func(t *Table)
	add = func(t *Table) {
		if done[t.Name] || t.From != "" {
			return
		}
		done[t.Name] = true
		for _, column := range t.columns {
			if to, ok := t.References[column.name]; ok {
				add(to)
			}
		}
		all = append(all, t)
	}
	for _, name := range sortedNames(tables) {
		add(tables[name])
	}
	return all
}

// ownTables are what the store keeps for itself.
func ownTables() []*Table { return []*Table{entryTable(), searchTable(), erasingTable()} }
