// The AAR, for a developer's own machine: nothing where this was written could run it. See README.md.
plugins {
    id("com.android.library") version "8.13.0"
    id("org.jetbrains.kotlin.android") version "2.4.21"
}

group = "org.mooring"
version = "0.1.0"

val checkout = rootDir.resolve("../../..")
val libraries = layout.buildDirectory.dir("jniLibs")

android {
    namespace = "org.mooring"
    compileSdk = 36
    defaultConfig {
        minSdk = 26
        consumerProguardFiles("keep.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    sourceSets["main"].apply {
        // What is not of the JVM alone, and what `cargo xtask bindings` generates.
        kotlin.srcDirs("src/main/kotlin", "../src/main/kotlin", "../src/okhttp/kotlin", "../../generated/kotlin")
        jniLibs.srcDir(libraries)
    }
}

kotlin { compilerOptions { jvmTarget.set(org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_17) } }

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.11.0")
    implementation("net.java.dev.jna:jna:5.19.1@aar")
    implementation("com.squareup.okhttp3:okhttp:5.5.0")
}

val native = tasks.register<Exec>("native") {
    workingDir = checkout
    // No Android lends a libcrypto, so it is built in.
    environment("OPENSSL_NO_VENDOR", "0")
    commandLine(
        "cargo", "ndk", "--platform", "26", "--target", "arm64-v8a", "--target", "armeabi-v7a", "--target", "x86_64",
        "--output-dir", libraries.get().asFile.path, "build", "--release", "--package", "mooring-ffi", "--lib",
    )
}

val generated = tasks.register<Exec>("generated") {
    workingDir = checkout
    commandLine("cargo", "xtask", "bindings")
}

tasks.named("preBuild") { dependsOn(native, generated) }
