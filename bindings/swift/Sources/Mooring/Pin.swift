import MooringCore

extension Pin {
    /// A PIN from its bytes, never from a string: the array that was handed in holds zeros afterwards. It is good for one call,
    /// and wiped by it.
    public convenience init(_ bytes: inout [UInt8]) {
        self.init()
        for index in bytes.indices {
            // One at a time, as numbers: no buffer of the language border holds them.
            push(byte: Int8(bitPattern: bytes[index]))
            bytes[index] = 0
        }
    }
}
