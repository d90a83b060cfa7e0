// Command generate writes the words that guess looks for: go run ./app/identity/guess/generate > app/identity/guess/words.gz
package main

import (
	"bufio"
	"compress/gzip"
	"log"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/ccojocar/zxcvbn-go/frequency"
)

func main() {
	best := map[string]int{}
	for _, list := range frequency.Lists {
		for i, word := range list.List {
			word = strings.ToLower(word)
			if rank, ok := best[word]; !ok || i+1 < rank {
				best[word] = i + 1
			}
		}
	}
	packed, err := gzip.NewWriterLevel(os.Stdout, gzip.BestCompression)
	if err != nil {
		log.Fatal(err)
	}
	out := bufio.NewWriter(packed)
	for _, word := range slices.Sorted(maps.Keys(best)) {
		out.WriteString(word + " " + strconv.Itoa(best[word]) + "\n")
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		log.Fatal(err)
	}
}
