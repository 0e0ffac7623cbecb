# Tcl's websocket in tcllib. It has no bound.
package require websocket

lassign $argv url size
proc handler {sock type text} {
    switch $type {
        connect { ::websocket::send $sock text "{\"options\":{},\"@extra\":\"[string repeat x $::size]\"}" }
        text { puts [string length $text]; exit 0 }
        close - disconnect - error { puts stderr "$type $text"; exit 1 }
    }
}
::websocket::open $url handler
vwait forever
