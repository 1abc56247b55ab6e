package io.atlasdb.sql.plan;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.linq4j.tree.ClassDeclaration;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.runtime.ArrayBindable;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.runtime.Typed;
import org.codehaus.commons.compiler.CompileException;
import org.codehaus.janino.ClassLoaderIClassLoader;
import org.codehaus.janino.Java;
import org.codehaus.janino.Parser;
import org.codehaus.janino.Scanner;
import org.codehaus.janino.UnitCompiler;

/**
 * Turns physical plans into classes, as Calcite's {@code EnumerableInterpretable} does, but lets compilations share what the compiler
 * has learnt of the classes that generated code calls. Calcite starts each compilation from nothing: reading those classes again, and
 * looking up names that are no classes in every archive of the class path, took two thirds of the time.
 */
final class CodeCompiler {
    /** Compilations that a body of knowledge serves: it also remembers each name that is no class, so it may not live for ever. */
    private static final int COMPILATIONS_MAX = 2_000;
    /** Kept between compilations; more run at once with one of their own. */
    private static final int IDLE_MAX = 4;

    private static final ClassLoader PARENT = CodeCompiler.class.getClassLoader();
    private static final BlockingQueue<Known> IDLE = new ArrayBlockingQueue<>(IDLE_MAX);

    private CodeCompiler() {}

    /** What is known of the classes of the class path. Used by one thread at a time. */
    private static final class Known {
        private final ClassLoaderIClassLoader classes = new ClassLoaderIClassLoader(PARENT);
        private int compilations;
    }

    /**
     * The plan as code.
     *
     * @param objects takes what the code will need besides the data: its values are found in the context by their names
     */
    static Bindable<?> compile(EnumerableRel plan, Map<String, Object> objects) {
        EnumerableRelImplementor implementor =
                new EnumerableRelImplementor(plan.getCluster().getRexBuilder(), objects);
        ClassDeclaration declaration = implementor.implementRoot(plan, EnumerableRel.Prefer.ARRAY);
        String source = source(declaration, plan.getRowType().getFieldCount());
        Known idle = IDLE.poll();
        Known known = idle == null ? new Known() : idle;
        try {
            Bindable<?> code = instantiate(declaration.name, classes(source, known.classes));
            if (++known.compilations < COMPILATIONS_MAX) {
                // Refused when enough are kept already.
                IDLE.offer(known);
            }
            return code;
        } catch (CompileException | IOException | ReflectiveOperationException e) {
            throw ErrorCode.INTERNAL.error(e, "while compiling a plan");
        } catch (StackOverflowError e) {
            throw ErrorCode.LIMIT.error(e, "the statement", "nested too deeply", "about a thousand levels");
        }
    }

    private static String source(ClassDeclaration declaration, int width) {
        String interfaces = width == 1
                ? Bindable.class.getCanonicalName() + ", " + Typed.class.getCanonicalName()
                : ArrayBindable.class.getCanonicalName();
        return "public final class " + declaration.name + " implements " + interfaces + " {\n"
                + Expressions.toString(declaration.memberDeclarations, "\n", false) + "\n}";
    }

    /** Class files by name. */
    private static Map<String, byte[]> classes(String source, ClassLoaderIClassLoader known)
            throws CompileException, IOException {
        Java.AbstractCompilationUnit unit =
                new Parser(new Scanner(null, new StringReader(source))).parseAbstractCompilationUnit();
        Map<String, byte[]> classes = new HashMap<>();
        new UnitCompiler(unit, known)
                .compileUnit(false, false, false, file -> classes.put(file.getThisClassName(), file.toByteArray()));
        return classes;
    }

    private static Bindable<?> instantiate(String name, Map<String, byte[]> classes)
            throws ReflectiveOperationException {
        return (Bindable<?>)
                new Generated(classes).loadClass(name).getDeclaredConstructor().newInstance();
    }

    /** The classes of one plan, which go when the plan goes. */
    private static final class Generated extends ClassLoader {
        private final Map<String, byte[]> classes;

        Generated(Map<String, byte[]> classes) {
            super(PARENT);
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] file = classes.remove(name);
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, file, 0, file.length);
        }
    }
}
