package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"zygo/app/fault"
	"zygo/app/flow/sandbox"
	"zygo/store"
)

// finding is one thing that doctor looked at.
type finding struct {
	Check string `json:"check"`
	OK    bool   `json:"ok"`
	Found string `json:"found"`
}

func (p *program) doctor() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check configuration, files, database and audit chains of a stopped instance",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			findings := p.examine(c.Context())
			sick := false
			var rows [][]string
			for _, f := range findings {
				mark := "ok"
				if !f.OK {
					mark, sick = "PROBLEM", true
				}
				rows = append(rows, []string{mark, f.Check, f.Found})
			}
			if err := p.print(findings, "", rows); err != nil {
				return err
			}
			if sick {
				return errFound
			}
			return nil
		},
	}
}

func (p *program) examine(ctx context.Context) (findings []finding) {
	add := func(check string, err error, found string) bool {
		if err != nil {
			found = sentence(err)
		}
		findings = append(findings, finding{check, err == nil, found})
		return err == nil
	}
	loaded, err := p.load()
	if !add("configuration", err, "valid") {
		return findings
	}
	dir := loaded.Config.DataDir
	if !add("data directory", private(dir), dir+" is the owner's alone") {
		return findings
	}
	info, err := store.Inspect(ctx, dir)
	if !add("database", err, fmt.Sprintf("intact, %d rows, %d bytes", info.Rows, info.Bytes)) {
		return findings
	}
	var tables []*store.Table
	for _, m := range p.Modules {
		tables = append(tables, m.Tables...)
	}
	add("files", store.CheckBlobs(ctx, dir, tables), "nothing is missing")
	held, err := sandbox.Examine(ctx)
	if err == nil && held.Refused != nil && !held.Filtered {
		err = fault.New(fault.Unavailable,
			"%s. Allow user namespaces (sysctl kernel.unprivileged_userns_clone=1), or give Zygo a kernel with seccomp.", held)
	}
	add("sandbox", err, held.String())
	kernel, settings, err := p.open(ctx)
	if !add("opening", err, "the schema is current and the master key is there") {
		return findings
	}
	defer kernel.Close()
	add("audit chains", newIdentity(kernel, settings).Operators.VerifyLedgers(ctx), "every entry fits the one before it")
	return findings
}

// private tells whether others could read what is in the directory.
func private(dir string) error {
	for _, path := range []string{dir, filepath.Join(dir, store.FileName), filepath.Join(dir, store.KeyFile)} {
		info, err := os.Stat(path)
		if err != nil {
			return fault.New(fault.NotFound, "%s is missing. Start Zygo once with zygo serve, or restore a backup.", path).Because(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			return fault.New(fault.Forbidden, "%s can be read by others. Run: chmod go-rwx %s", path, path)
		}
	}
	return nil
}
