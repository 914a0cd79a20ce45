package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type shop struct {
	Name  string         `json:"name"`
	Open  Duration       `json:"open"`
	Tills uint           `json:"tills"`
	Share float64        `json:"share"`
	Shut  bool           `json:"shut"`
	Rooms []room         `json:"rooms"`
	Spare *room          `json:"spare,omitempty"`
	Stock map[string]int `json:"stock"`
}

type room struct {
	Floor int `json:"floor"`
}

func TestDecodeKeepsWhatIsNotNamed(t *testing.T) {
	got := shop{Name: "default", Tills: 2, Rooms: []room{{1}, {2}}}
	if err := Decode([]byte(`{"open":"8h30m","rooms":[{"floor":3}],"spare":{"floor":4},"stock":{"tea":5},"share":0.5,"shut":true}`), &got); err != nil {
		t.Fatal(err)
	}
	want := shop{
		Name: "default", Open: Duration(8*time.Hour + 30*time.Minute), Tills: 2, Share: 0.5, Shut: true,
		Rooms: []room{{3}}, Spare: &room{4}, Stock: map[string]int{"tea": 5},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
}

func TestDecodeNamesEveryProblem(t *testing.T) {
	for document, want := range map[string][]string{
		"{\n\"name\": \"x\",\n}": {"line 3: want JSON"},
		`{"name":"x"} {}`:        {"want JSON"},
		`[]`:                     {"the document: want an object, saw []"},
		`{"name":1,"nme":"x","open":"soon","tills":-1,"share":"half","shut":0,"rooms":[{"floor":1},{"flor":1},{"floor":1.5}],"stock":{"tea":"x"}}`: {
			`name: want text, saw 1`, `nme: unknown, want one of name, open`, `open: want a duration such as "250ms", saw "soon"`,
			`tills: want a whole number from 0, saw -1`, `share: want a number, saw "half"`, `shut: want true or false, saw 0`,
			`rooms[1].flor: unknown, want one of floor`, `rooms[2].floor: want a whole number, saw 1.5`, `stock.tea: want a whole number, saw "x"`,
		},
		`{"Name":"x"}`:           {`Name: unknown`},
		`{"open":5,"rooms":7}`:   {`open: want text, saw 5`, `rooms: want a list, saw 7`},
		`{"name":null}`:          {`name: want text, saw null`},
		`{"stock":[],"spare":1}`: {`stock: want an object, saw []`, `spare: want an object, saw 1`},
	} {
		kept := shop{Name: "default"}
		err := Decode([]byte(document), &kept)
		for _, part := range want {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: error %v, want one with %q", document, err, part)
			}
		}
		if kept.Name != "default" {
			t.Errorf("%s: refused, and used in part", document)
		}
	}
}
