package main

import (
	"bytes"
	"os"
	"testing"
)

func TestFindPlace(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, tt := range []struct {
		name string
		env  map[string]string
		want place
	}{
		{"a file is a log", nil, place{}},
		{"CI=true is a runner", map[string]string{"CI": "true"}, place{ci: true}},
		{"CI=false is none", map[string]string{"CI": "false"}, place{}},
		{"a runner is known by its own variable too", map[string]string{"JENKINS_URL": "http://ci"}, place{ci: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := findPlace(file, &bytes.Buffer{}, func(k string) string { return tt.env[k] }); got != tt.want {
				t.Errorf("findPlace = %+v, want %+v", got, tt.want)
			}
		})
	}
}
