package io.atlasdb.node.mutation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Loads the node's classes anew, some of them compiled from patched sources. Everything else is the parent's. */
final class PatchedLoader extends ClassLoader {
    private static final String ROOT = "io.atlasdb.node.";

    private final Map<String, byte[]> patched;

    /** {@code sources} by file, below the root of the node's packages. */
    PatchedLoader(Map<String, String> sources) {
        super(PatchedLoader.class.getClassLoader());
        this.patched = compile(sources);
        // It is the simulator that must find the defect, not the assertion beside it.
        setPackageAssertionStatus("io.atlasdb.node", false);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(ROOT)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                byte[] bytes = patched.containsKey(name) ? patched.get(name) : original(name);
                loaded = defineClass(name, bytes, 0, bytes.length);
            }
            return loaded;
        }
    }

    private byte[] original(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static Map<String, byte[]> compile(Map<String, String> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new AssertionError("a JDK is needed, this is a runtime without compiler");
        }
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<Source> files = sources.entrySet().stream()
                .map(one -> new Source(one.getKey(), one.getValue()))
                .toList();
        Output output = new Output(compiler.getStandardFileManager(problems, null, null));
        boolean done = compiler.getTask(
                        null, output, problems, List.of("-proc:none", "-nowarn", "-g", "--release", "17"), null, files)
                .call();
        if (!done) {
            throw new AssertionError("the patch does not compile: "
                    + problems.getDiagnostics().stream()
                            .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
                            .toList());
        }
        Map<String, byte[]> classes = new TreeMap<>();
        output.written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return classes;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///" + ROOT.replace('.', '/') + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps what is compiled in memory. */
    private static final class Output extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new TreeMap<>();

        Output(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            written.put(name, bytes);
            return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return bytes;
                }
            };
        }
    }

    /** Runs a static method that takes and gives what both loaders share. */
    Object call(String type, String method, Class<?>[] parameters, Object... arguments) {
        try {
            return loadClass(type).getMethod(method, parameters).invoke(null, arguments);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("in " + type + "." + method, e);
        }
    }

    /** Reads a source below the root of the node's packages. */
    static String read(String file) {
        try {
            return java.nio.file.Files.readString(java.nio.file.Path.of("src/main/java")
                    .resolve(ROOT.replace('.', '/'))
                    .resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
