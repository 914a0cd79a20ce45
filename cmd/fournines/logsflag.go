package main

import (
	"os"

	"github.com/spf13/pflag"

	"github.com/fournines/fournines/reports/logs/bulk"
)

// shipVariable is the value of the Authorization header for --ship-logs: a key
// on the command line would be seen by everybody on the machine.
const shipVariable = "FOURNINES_SHIP_AUTHORIZATION"

// logFlags say what is done with the logs besides keeping them.
type logFlags struct {
	// ship is an endpoint with Elasticsearch's bulk API; empty for none.
	ship string
}

func (f *logFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.ship, "ship-logs", "", "send the components' log lines to this endpoint with Elasticsearch's bulk API too, such as http://127.0.0.1:9200; index fournines-RUN ("+shipVariable+" is its Authorization header)")
}

// check looks at the flags alone; allowHosts are the hosts besides this machine
// that lines may be sent to.
func (f logFlags) check(allowHosts []string) error {
	if f.ship == "" {
		return nil
	}
	return checkFlagURL("ship-logs", f.ship, "http://127.0.0.1:9200", allowHosts)
}

// shipper is nil when nothing is to be sent. The flags were checked.
func (f logFlags) shipper(runID string, allowHosts []string) (*bulk.Shipper, error) {
	if f.ship == "" {
		return nil, nil
	}
	return bulk.New(f.ship, runID, os.Getenv(shipVariable), allowHosts...)
}
