// Command assets turns the sources beside it and what package.json names into embed/static: one stylesheet, one script, one
// sprite of icons, each under a name that carries the hash of its content; and into the sandbox's folder library the scripts that
// it offers. The output is committed, so that building Zygo
// needs Go alone; with -check the command writes nothing and fails when the committed files are not what it would write.
// Run it in the root of the repository after `npm ci` in ui/assets.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

const (
	source = "ui/assets"
	target = "embed/static"
)

func main() {
	check := flag.Bool("check", false, "fail when the committed files differ from the sources, and write nothing")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	if _, err := os.Stat(filepath.Join(source, "node_modules")); err != nil {
		return fmt.Errorf("%w; run npm ci in %s, from the root of the repository", err, source)
	}
	for target, build := range map[string]func(string) (map[string][]byte, error){target: build, libraryTarget: buildLibraries} {
		files, err := build(source)
		if err != nil {
			return err
		}
		if check {
			err = compare(files, target)
		} else {
			err = write(files, target)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// write replaces the folder, because a file under yesterday's hash would stay embedded.
func write(files map[string][]byte, folder string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(folder, name), files[name], 0o644); err != nil {
			return err
		}
		fmt.Printf("%7d  %s\n", len(files[name]), name)
	}
	return nil
}

func compare(files map[string][]byte, folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if _, wanted := files[entry.Name()]; !wanted {
			return fmt.Errorf("%s/%s comes from no source; run go run ./%s", folder, entry.Name(), source)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		committed, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || !bytes.Equal(committed, files[name]) {
			return fmt.Errorf("%s/%s is not what its sources make; run go run ./%s", folder, name, source)
		}
	}
	return nil
}
