package acceptance

import (
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// promises are the tests that know kinds by the routes and the OpenAPI document alone.
const promises = "^(TestEveryKindStoresWhatItIsGiven|TestEveryKindRefusesStaleChangesAndComesBackFromTheTrash|TestNoKindShowsOrTakesAnotherOrganizationsRows|" +
	"TestEveryVerbNeedsItsPermission|TestEveryWriteIsOneEntryOfTheLedger|TestNoRouteReachesAnotherOrganization|TestSwappedIdsReachNothing|" +
	"TestEveryPageIsFitToBeSeen|TestSpecimen.*)$"

// TestAKindNeedsNoCodeOfItsOwn runs them over a binary with one kind more, which has a field of every type.
func TestAKindNeedsNoCodeOfItsOwn(t *testing.T) {
	t.Parallel()
	if asked["ZYGO_PACKAGE"] != "" {
		t.Skip("this is the run over the sample")
	}
	run := exec.Command(os.Args[0], "-test.run", promises, "-test.timeout", "15m")
	run.Env = append(os.Environ(), "ZYGO_PACKAGE=./sample")
	out, err := run.CombinedOutput()
	if err != nil {
		t.Errorf("the sample breaks a promise: %v\n%s", err, out)
	}
}

// addTables gives the prepared data the tables that the binary declares and the migrations, which are those of the binary
// that ships, do not have.
func addTables() error {
	if asked["ZYGO_PACKAGE"] == "" {
		return nil
	}
	schema, err := exec.Command(binary, "schema").Output()
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", filepath.Join(template, "zygo.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	for statement := range strings.SplitSeq(string(schema), "-- +goose StatementBegin") {
		statement, _, _ = strings.Cut(statement, "-- +goose StatementEnd")
		if strings.Contains(statement, " t_specimen") {
			if _, err := db.Exec(statement); err != nil {
				return err
			}
		}
	}
	return nil
}

func onlyOverTheSample(t *testing.T) {
	t.Helper()
	if asked["ZYGO_PACKAGE"] == "" {
		t.Skip("TestAKindNeedsNoCodeOfItsOwn runs it over the sample")
	}
}

// isTried tells whether rows of a kind are made: over the sample those of its own kind, since the tests of the binary that
// ships have the others.
func isTried(kind string) bool { return asked["ZYGO_PACKAGE"] == "" || kind == "specimen" }
