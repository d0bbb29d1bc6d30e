// swift-tools-version:6.0
import Foundation
import PackageDescription

let packageFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

#if os(Linux)
// For tests: the library that cargo built, where `cargo xtask bindings` put it.
let library = packageFolder.appendingPathComponent("Generated/lib").path
let native: Target = .systemLibrary(name: "MooringFFI", path: "Generated/MooringFFI")
let link: [LinkerSetting] = [
    .unsafeFlags(["-L\(library)", "-Xlinker", "-rpath", "-Xlinker", library]),
    .linkedLibrary("mooring"),
]
let built = "Generated/lib"
#else
// On a Mac: what `cargo xtask xcframework` makes.
let native: Target = .binaryTarget(name: "MooringFFI", path: "Generated/MooringFFI.xcframework")
let link: [LinkerSetting] = []
let built = "Generated/MooringFFI.xcframework"
#endif

let package = Package(
    name: "Mooring",
    platforms: [.iOS(.v16), .macOS(.v13)],
    products: [.library(name: "Mooring", targets: ["Mooring"])],
    targets: [
        native,
        // Generated: it alone is compiled in Swift 5 mode.
        .target(
            name: "MooringCore", dependencies: ["MooringFFI"], path: ".",
            exclude: [built, "AppleStub", "Sources/Mooring", "Tests", "surface.txt", "swift-env"],
            sources: ["Generated/MooringCore", "Sources/MooringCore"],
            swiftSettings: [.swiftLanguageMode(.v5)], linkerSettings: link),
        .target(name: "Mooring", dependencies: ["MooringCore"]),
        .testTarget(name: "MooringTests", dependencies: ["Mooring"]),
    ],
    swiftLanguageModes: [.v6]
)
