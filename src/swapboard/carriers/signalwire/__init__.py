"""SignalWire, by cXML and its compatibility API (https://developer.signalwire.com/compatibility-api/)."""

from swapboard.carriers.signalwire.adapter import SignalWireKind

carrier = SignalWireKind()
