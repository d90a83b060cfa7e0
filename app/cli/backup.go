package cli

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"zygo/store"
)

func (p *program) backup() *cobra.Command {
	command := &cobra.Command{
		Use:   "backup",
		Short: "Make, verify and restore backups",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.AddCommand(
		&cobra.Command{Use: "create [FILE]", Short: "Back up the instance, also while it runs", Args: cobra.MaximumNArgs(1),
			Long: "Backs up the database, the uploaded files and the master key into one file. Keep it as safe as the instance: it holds everything.",
			RunE: func(c *cobra.Command, args []string) error {
				loaded, err := p.load()
				if err != nil {
					return err
				}
				path := filepath.Join(loaded.Config.DataDir, "backups", time.Now().UTC().Format("20060102T150405Z")+store.BackupSuffix)
				if len(args) == 1 {
					path = args[0]
				}
				if err := store.CreateBackup(c.Context(), loaded.Config.DataDir, path); err != nil {
					return err
				}
				return p.print(map[string]string{"file": path}, "", [][]string{{"Backed up and verified: " + path}})
			}},
		&cobra.Command{
			Use:   "verify FILE",
			Short: "Check that a backup can be restored",
			Args:  cobra.ExactArgs(1),
			RunE: func(c *cobra.Command, args []string) error {
				manifest, err := store.VerifyBackup(c.Context(), args[0])
				if err != nil {
					return err
				}
				return p.print(manifest, "", manifestRows(manifest, "can be restored"))
			},
		},
		&cobra.Command{
			Use:   "restore FILE",
			Short: "Restore a backup into an empty data directory",
			Args:  cobra.ExactArgs(1),
			RunE: func(c *cobra.Command, args []string) error {
				loaded, err := p.load()
				if err != nil {
					return err
				}
				manifest, err := store.RestoreBackup(c.Context(), args[0], loaded.Config.DataDir)
				if err != nil {
					return err
				}
				return p.print(manifest, "", manifestRows(manifest, "was restored into "+loaded.Config.DataDir))
			},
		},
	)
	return command
}

func manifestRows(m store.Manifest, what string) [][]string {
	rows := 0
	for _, count := range m.Rows {
		rows += count
	}
	return [][]string{{fmt.Sprintf("The backup of %s (schema %d, %d rows) %s.", m.CreatedAt.Format(time.RFC3339), m.Schema, rows, what)}}
}
